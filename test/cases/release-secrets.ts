import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { assertGood, failureOf, sharedRelease, withHelm, type StartReleases } from '../bench/release-cases.ts';
import { WatchedHelm } from '../bench/watched-helm.ts';
import type { ProgramId } from '../real/index.ts';

const secretVariables = {
  password: `p@ss-w0rd, "quoted" = \${so}`,
  // Fit for the name of an object and for a tag, where it would be shown to everybody.
  nameable: 'n4meable-s3cret-0123456789',
  key: `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B'.repeat(2)}\n${'AQEFAASCBKcwggSjAgEAAoIB'.repeat(2)}\n-----END PRIVATE KEY-----\n`,
};
const setSecret = 'database.password=$(password)\nname=$(nameable)\nkey=$(key)';

const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  entry: ${data}\n`;
const workload = (image: string, behaviour: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}-{{ .Values.name }}"}
spec:
  selector: {matchLabels: {app: extra}}
  template:
    metadata:
      labels: {app: extra}
      annotations: {contoso.example/behaviour: ${behaviour}}
    spec: {containers: [{name: extra, image: "${image}"}]}
`;

/** Charts that give away what they get: each with a file, and how the step ends. */
const charts: Readonly<
  Record<string, { file: string; text: string; fails?: RegExp; inputs?: Record<string, string> }>
> = {
  'prints them in its notes': {
    file: 'templates/NOTES.txt',
    text: '{{ .Values.database.password }} {{ .Values.name }}\n{{ .Values.key }}\n{{ .Values.key | b64enc }}\n',
  },
  'fails with them': {
    file: 'templates/fail.yaml',
    text: '{{ fail (printf "no: %s %s\\n%s" .Values.database.password .Values.name .Values.key) }}',
    fails: /fail\.yaml/,
  },
  'makes broken YAML of them': {
    file: 'templates/broken.yaml',
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken}\ndata:\n  a: {{ .Values.database.password }}: {\n{{ .Values.key }}',
    fails: /broken\.yaml/,
  },
  'puts one where a number belongs': {
    file: 'templates/number.yaml',
    text: workload('web:1', 'ready').replace('spec:\n', 'spec:\n  replicas: {{ .Values.database.password | quote }}\n'),
    fails: /replicas|Deployment/,
  },
  'names an object by one that the API server refuses': {
    file: 'templates/map.yaml',
    text: configMap('{{ .Values.database.password | quote }}', '""'),
    fails: /Invalid|invalid|lowercase RFC 1123|metadata\.name/,
  },
  'names a workload and its tag by one, so that the page would tell': {
    file: 'templates/extra.yaml',
    text: workload('contoso.azurecr.io/web:{{ .Values.name }}', 'ready'),
  },
  'names a workload by one that is never ready': {
    file: 'templates/extra.yaml',
    text: workload('contoso.azurecr.io/web:1', 'never-ready'),
    inputs: { timeout: '10s' },
    fails: /helm upgrade failed/,
  },
  'has a test that fails and prints them': {
    file: 'templates/print.yaml',
    text: `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-{{ .Values.name }}
  annotations: {helm.sh/hook: test}
spec:
  restartPolicy: Never
  containers:
    - name: print
      image: contoso.azurecr.io/failing:1
      command: [echo, {{ .Values.database.password | quote }}]
`,
    inputs: { runTests: 'true', timeout: '20s' },
    fails: /The tests of the release did not pass/,
  },
};

/** Declares that no secret of a step is seen by anybody, whatever the chart does with it. */
export function secretsOfDeploy(start: StartReleases, ids: readonly ProgramId[]): void {
  const helms = new Map<ProgramId, WatchedHelm>();
  const pipeline = sharedRelease(start, { job: { secretVariables } }, async (started) => {
    for (const id of ids) helms.set(id, await WatchedHelm.install(id));
    for (const [index, { file, text }] of Object.values(charts).entries())
      await seedApp(started, `1.0.${index}`, { [file]: text });
  });
  after(() => {
    for (const helm of helms.values()) helm.close();
  });

  async function deploy(id: ProgramId, inputs: Record<string, string>): Promise<StepResult> {
    const { env } = await withHelm(id);
    const PATH = [helms.get(id)?.folder, env['PATH']].join(path.delimiter);
    const before = pipeline().job.record.attachments.length;
    const step = await pipeline().deploy(inputs, { env: { PATH }, watchCommandLines: true });
    assert.deepEqual(pipeline().job.secretLeaks(step), []);
    assert.deepEqual(pipeline().job.secretsOnCommandLines(step), []);
    for (const { content } of pipeline().job.record.attachments.slice(before)) assertSecretless(content.toString());
    return step;
  }

  for (const id of ids) {
    for (const [index, [what, { inputs = {}, fails }]] of Object.entries(charts).entries()) {
      it(`${id} gives no secret away with a chart that ${what}`, async () => {
        const releaseName = `secret-${id.replace('.', '-')}-${index}`;
        const chart = `oci://contoso.azurecr.io/helm/app:1.0.${index}`;
        const wanted = { chart, releaseName, setSecret, onFailure: 'uninstallFirstInstall', ...inputs };
        const step = await deploy(id, wanted);
        assert.ok(step.commandLines.some((line) => line.includes('helm upgrade')));
        if (fails === undefined) assertGood(step);
        else assert.match(failureOf(step), fails);
      });
    }

    it(`${id} gets none of the job's secrets in its environment`, () => {
      const environments = helms.get(id)?.environments() ?? [];
      assert.ok(environments.length >= Object.keys(charts).length);
      for (const environment of environments) {
        for (const [name, value] of environment) {
          assert.doesNotMatch(name, /^(?:SECRET_|INPUT_|ENDPOINT_AUTH)/, `${name} is in the environment of helm`);
          assertSecretless(value);
        }
      }
    });
  }

  it('tells nothing of a secret in values that cannot be read', async () => {
    const [id = 'helm-4.3'] = ids;
    const wrong: Record<string, string>[] = [
      { values: 'database: {password: "$(nameable)"\n  x: [' },
      { values: '$(key)' },
      { set: '$(nameable)' },
      { setSecret: 'a[$(nameable)=x' },
      { setString: 'a.b=1\na.b.$(nameable)=2' },
      { setSecret: '$(key)' },
      { chartRepository: 'https://x:$(nameable)@charts.contoso.com', chart: 'app', chartVersion: '1.0.0' },
    ];
    for (const inputs of wrong) {
      const step = await deploy(id, { chart: 'oci://contoso.azurecr.io/helm/app:1.0.0', ...inputs });
      assert.equal(step.result, 'Failed', `${JSON.stringify(inputs)}\n${step.log.join('\n')}`);
    }
  });

  it('shows no secret that stands where none belongs', async () => {
    const odd: Record<string, string>[] = [
      { chart: 'oci://contoso.azurecr.io/helm/$(nameable):1.0.0' },
      { releaseName: '$(nameable)_' },
      { valueFiles: '$(nameable).yaml' },
    ];
    for (const inputs of odd) {
      const { result, log, issues } = await pipeline().deploy({
        chart: 'oci://contoso.azurecr.io/helm/app:1.0.0',
        ...inputs,
      });
      assert.equal(result, 'Failed', log.join('\n'));
      assertSecretless([...log, ...issues.map(({ message }) => message)].join('\n'));
    }
  });

  it('leaves nothing on the disk', async () => {
    const { job } = pipeline();
    await job.finish();
    assert.deepEqual(await job.secretsOnDisk(), []);
  });
}

/** Neither as it is, nor as Markdown, nor in base64. */
function assertSecretless(text: string): void {
  const plain = text.replace(/\\(?=[^A-Za-z\d\s])/g, '');
  for (const [name, value] of Object.entries(secretVariables)) {
    const lines = value.split('\n').filter((line) => line.length > 16 && !line.startsWith('-----'));
    for (const form of [...lines, Buffer.from(value).toString('base64')]) {
      assert.ok(!text.includes(form) && !plain.includes(form), `The secret ${name} is in: ${plain.slice(0, 2000)}`);
    }
  }
}
