import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { constraint, noPrivileged, ordersManifest, privilegedTemplate } from '../bench/sample-policies.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: web
          image: contoso.azurecr.io/orders:1.0.0
          securityContext:
            privileged: {{ .Values.privileged }}
`;

const byPattern = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: by-pattern, annotations: { policies.kyverno.io/severity: high } }
spec:
  rules:
    - name: privileged
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate:
        failureAction: Enforce
        message: Privileged containers are not allowed.
        pattern: { spec: { containers: [{ =(securityContext): { =(privileged): 'false' } }] } }
`;

const secret = `
{{- with .Values.password }}
apiVersion: v1
kind: Secret
metadata: { name: orders }
stringData: { password: {{ . | quote }} }
{{- end }}
`;

/** Says what stands in a Secret. */
const tellingSecrets = `
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: { name: telling }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [secrets] }]
  validations: [{ expression: 'false', messageExpression: "'It is ' + string(object.stringData.password)" }]
`;

const cronJobs = noPrivileged('cron-jobs')
  .replace('[""]', '[batch]')
  .replace('resources: [pods]', 'resources: [cronjobs]');

const outputs = ({ outputs: { policiesPassed, policiesFailed, policiesUnmatched } }: StepResult): string =>
  [policiesPassed, policiesFailed, policiesUnmatched].join(' ');

describe('PolicyCheck', () => {
  let pipeline: Pipeline;
  before(async () => {
    const programs = await Promise.all(
      (['helm-4.1', 'kyverno', 'gator', 'kubectl'] as const).map((id) => realProgram(id)),
    );
    const PATH = [...programs.map((program) => path.dirname(program)), '/usr/bin', '/bin'].join(path.delimiter);
    pipeline = await startPipeline({
      job: { environment: { PATH }, secretVariables: { password: 'hunter2-hunter2' } },
    });
    writeFiles(pipeline.job.folders.sources, {
      'charts/orders/Chart.yaml': chartYaml('orders'),
      'charts/orders/values.yaml': 'privileged: false\n',
      'charts/orders/templates/secret.yaml': secret,
      'secrets/policy.yaml': tellingSecrets,
      'charts/orders/templates/deployment.yaml': deployment,
      'values-qa.yaml': 'privileged: true\n',
      'values-production.yaml': 'privileged: false\n',
      'kyverno/no-privileged.yaml': noPrivileged('no-privileged'),
      'kyverno/by-pattern.yml': byPattern,
      'kyverno/kustomization.yaml': 'resources: [no-privileged.yaml]\n',
      'more/cron-jobs.yaml': cronJobs,
      'more/changing.yaml': '{apiVersion: policies.kyverno.io/v1, kind: MutatingPolicy, metadata: {name: changing}}',
      'gatekeeper/template.yaml': privilegedTemplate(),
      'gatekeeper/constraint.yaml': constraint('no-privileged', { match: ', source: Original' }),
      'manifests/orders.yaml': ordersManifest,
      'built/kustomization.yaml': 'resources: [orders.yaml]\nnamePrefix: built-\n',
      'built/orders.yaml': ordersManifest,
    });
  });
  after(() => pipeline.close());

  const check = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.run('PolicyCheck', {
      name: 'policies',
      condition: 'always()',
      inputs: { engine: 'kyverno', policies: 'kyverno', namespace: 'shop', ...inputs },
    });

  it('passes a chart that its policies let pass', async () => {
    const step = await check({ chart: 'charts/orders' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    assert.equal(outputs(step), '2 0 0');
    assert.match(step.log.join('\n'), /The chart orders 1\.0\.0: of 2 policies 2 passed\./);
  });

  it('fails for what a cluster would refuse, and tells policy, object, field, environment and line', async () => {
    const before = { pages: pipeline.job.record.summaries.length, results: pipeline.job.record.testResults.length };

    const step = await check({
      chart: 'charts/orders',
      environments: 'qa=values-qa.yaml\nproduction=values-production.yaml',
    });

    assert.equal(step.result, 'Failed', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    assert.equal(outputs(step), '0 2 0');
    assert.match(
      messageOf(step),
      /ClusterPolicy by-pattern: Deployment shop\/orders \(qa\) at spec\.template\.spec\.containers\[0\]\.securityContext\.privileged: Privileged containers are not allowed\..*\(orders\/templates\/deployment\.yaml\)/,
    );
    const [page = ''] = pipeline.job.record.summaries.slice(before.pages);
    assert.match(page, /^\*\*Failed\.\*\* The chart orders 1\\\.0\\\.0: of 2 policies 2 failed\./);
    assert.match(page, /Deployment shop\\\/orders \\\(qa\\\).*line 16 of the document\\: privileged\\: true/);
    const [results] = pipeline.job.record.testResults.slice(before.results);
    const junit = [...(results?.files.values() ?? [])].join('');
    assert.match(junit, /<testsuite name="ClusterPolicy by-pattern" tests="2" failures="1" errors="0" skipped="0">/);
    assert.match(
      junit,
      /<testcase classname="ValidatingPolicy no-privileged" name="Deployment shop\/orders \(qa\)"><failure message="Privileged/,
    );
    assert.match(
      junit,
      /<testcase classname="ValidatingPolicy no-privileged" name="Deployment shop\/orders \(production\)"><\/testcase>/,
    );
  });

  it('judges manifests, and what a kustomization builds', async () => {
    const manifests = await check({ manifests: 'manifests/*.yaml' });
    assert.match(messageOf(manifests), /ValidatingPolicy no-privileged: Deployment shop\/orders: Privileged/);
    const built = await check({ kustomization: 'built' });
    assert.match(messageOf(built), /ValidatingPolicy no-privileged: Deployment shop\/built-orders: Privileged/);
  });

  it('fails where a policy matched nothing, unless that is allowed, and tells what it cannot check', async () => {
    const policies = 'kyverno\nmore/*.yaml';
    const open = await check({ policies, chart: 'charts/orders' });
    assert.equal(open.result, 'Failed');
    assert.equal(outputs(open), '2 0 2');
    assert.match(
      messageOf(open),
      /ValidatingPolicy cron-jobs \(.*more\/cron-jobs\.yaml\) matched no object, so it checked nothing/,
    );
    assert.match(messageOf(open), /MutatingPolicy changing is not checked: it changes objects\./);

    const allowed = await check({ policies, chart: 'charts/orders', allowUnmatched: 'cron-jobs\nchanging' });
    assert.equal(allowed.result, 'Succeeded', allowed.log.join('\n'));
    assert.equal(outputs(allowed), '2 0 2');

    const nothing = await check({
      policies: 'more/cron-jobs.yaml',
      chart: 'charts/orders',
      allowUnmatched: 'cron-jobs',
    });
    assert.equal(nothing.result, 'Failed', 'nothing was checked');
  });

  it('judges by Gatekeeper, whose constraints for objects as they are given never meet the pods of a Deployment', async () => {
    const inputs = { engine: 'gatekeeper', policies: 'gatekeeper', chart: 'charts/orders' };
    assert.equal((await check(inputs)).result, 'Succeeded');

    const step = await check({ ...inputs, valueFiles: 'values-qa.yaml' });
    assert.equal(step.result, 'Failed');
    assert.match(
      messageOf(step),
      /K8sNoPrivileged no-privileged: Deployment shop\/orders \(its pods\): The container web is privileged\./,
    );
  });

  it('shows no secret that the chart was rendered with, and leaves none behind', async () => {
    const before = pipeline.job.record.testResults.length;
    const step = await check({ chart: 'charts/orders', policies: 'secrets', setSecret: 'password=$(password)' });

    assert.match(messageOf(step), /ValidatingPolicy telling: Secret shop\/orders: It is \*\*\*/);
    assert.deepEqual(pipeline.job.secretLeaks(step), []);
    assert.deepEqual(await pipeline.job.secretsOnDisk(), []);
    const [results] = pipeline.job.record.testResults.slice(before);
    assert.match(String([...(results?.files.values() ?? [])]), /It is \*\*\*/);
  });

  it('never fails where that is asked for, and refuses inputs that do not go together', async () => {
    const never = await check({ chart: 'charts/orders', valueFiles: 'values-qa.yaml', failOn: 'never' });
    assert.equal(never.result, 'SucceededWithIssues', never.log.join('\n'));
    assert.match(
      messageOf(await check({})),
      /Give one of the inputs chart, manifests and kustomization.*none of them is set/,
    );
    assert.match(
      messageOf(await check({ chart: 'charts/orders', policies: 'nowhere' })),
      /Input policies: "nowhere" names no \.yaml, \.yml or \.json file/,
    );
  });
});
