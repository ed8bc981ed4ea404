import { behaviourAnnotation } from '../azure/index.ts';
import { chartArchive } from './chart-steps.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations: {note: {{ .Values.note | quote }}}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
      annotations:
        ${behaviourAnnotation}: {{ .Values.behaviour }}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: {{ .Values.image.repository }}:{{ .Values.image.tag }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
`;

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-database
stringData:
  password: {{ .Values.database.password | quote }}
`;

const test = `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
    ${behaviourAnnotation}: {{ .Values.testBehaviour }}
spec:
  restartPolicy: Never
  containers:
    - name: test
      image: contoso.azurecr.io/test:1.0
`;

const values = `replicaCount: 1
note: ''
behaviour: ready
testBehaviour: ready
image: {repository: contoso.azurecr.io/web, tag: latest, digest: ""}
database: {password: ""}
`;

/**
 * The chart `app`, packed: a Deployment named as the release, whose pods behave as the value `behaviour` says, a Secret,
 * and a test, which behaves as `testBehaviour` says.
 * @param more files, by their paths in the chart
 */
export function appChart(version: string, more: Readonly<Record<string, string>> = {}): Buffer {
  const files = {
    'values.yaml': values,
    'templates/deployment.yaml': deployment,
    'templates/secret.yaml': secret,
    'templates/test.yaml': test,
    ...more,
  };
  const entries = Object.entries(files).map(([name, body]) => ({ name: `app/${name}`, body, mtime: 1_700_000_000 }));
  return chartArchive('app', version, 'appVersion: 4f6c2a9\n', ...entries);
}
