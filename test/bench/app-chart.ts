import { behaviourAnnotation, type EmulatedRegistry } from '../azure/index.ts';
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

const hook = `{{ if .Values.hookBehaviour }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-hook
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
    ${behaviourAnnotation}: {{ .Values.hookBehaviour }}
spec:
  restartPolicy: Never
  containers:
    - name: migrate
      image: contoso.azurecr.io/migrate:1.0
{{ end }}
`;

const values = `replicaCount: 1
note: ''
behaviour: ready
testBehaviour: ready
hookBehaviour: ''
image: {repository: contoso.azurecr.io/web, tag: latest, digest: ""}
database: {password: ""}
`;

/**
 * The chart `app`, packed: a Deployment named as the release, whose pods behave as the value `behaviour` says, a Secret,
 * a test, which behaves as `testBehaviour` says, and before all, where `hookBehaviour` is given, a hook that behaves so.
 * @param more files, by their paths in the chart
 */
export function appChart(version: string, more: Readonly<Record<string, string>> = {}): Buffer {
  const files = {
    'values.yaml': values,
    'templates/deployment.yaml': deployment,
    'templates/secret.yaml': secret,
    'templates/hook.yaml': hook,
    'templates/test.yaml': test,
    ...more,
  };
  const entries = Object.entries(files).map(([name, body]) => ({ name: `app/${name}`, body, mtime: 1_700_000_000 }));
  return chartArchive('app', version, 'appVersion: 4f6c2a9\n', ...entries);
}

/** Puts a version of the chart `app` into the registry. Gives its reference. */
export async function seedApp(
  { registry }: { readonly registry: EmulatedRegistry },
  version: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  await registry.seedChart('helm', { name: 'app', version, archive: appChart(version, more) });
  return `oci://${registry.loginServer}/helm/app:${version}`;
}
