import { chartYaml } from './write-files.ts';

/**
 * A chart with an object that says what was deployed (value `text`), a Deployment whose pods are slow if `isHeld`,
 * and a hook.
 */
export const faultChart = {
  'Chart.yaml': chartYaml('web'),
  'values.yaml': 'text: none\nisHeld: false\n',
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
        contoso.example/behaviour: {{ ternary "slow" "ready" .Values.isHeld }}
        contoso.example/text: {{ .Values.text | quote }}
    spec:
      containers:
        - name: web
          image: contoso.azurecr.io/web:1.0.0
`,
};
