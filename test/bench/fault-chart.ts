import { chartYaml } from './write-files.ts';

/**
 * A chart with an object that says what was deployed (value `text`), a Deployment whose pods behave as `behaviour` says (on
 * the small API server) or get no node (`isHeld`), and a hook.
 */
export const faultChart = {
  'Chart.yaml': chartYaml('web'),
  'values.yaml': 'text: none\nbehaviour: ready\nisHeld: false\n',
  'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-text
data:
  text: {{ .Values.text | quote }}
`,
  'templates/hook.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-hook
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
data:
  text: {{ .Values.text | quote }}
`,
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: 1
  selector:
    matchLabels: { app: {{ .Release.Name }} }
  template:
    metadata:
      labels: { app: {{ .Release.Name }} }
      annotations:
        contoso.example/behaviour: {{ .Values.behaviour }}
        contoso.example/text: {{ .Values.text | quote }}
    spec:
      {{- if .Values.isHeld }}
      nodeSelector: { contoso.example/none: here }
      {{- end }}
      containers:
        - name: web
          image: contoso.azurecr.io/web:1.0.0
`,
};
