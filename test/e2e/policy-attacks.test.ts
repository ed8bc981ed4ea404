import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { constraint, noPrivileged, privilegedTemplate } from '../bench/sample-policies.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

const privileged = 'spec: {containers: [{name: web, securityContext: {privileged: true}}]}';
const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: orders}\n${privileged}\n`;

describe('PolicyCheck with those who would look green', () => {
  let pipeline: Pipeline;
  let sources: string;
  before(async () => {
    const programs = await Promise.all(
      (['helm-4.1', 'kyverno', 'gator', 'kubectl'] as const).map((id) => realProgram(id)),
    );
    const PATH = [...programs.map((program) => path.dirname(program)), '/usr/bin', '/bin'].join(path.delimiter);
    pipeline = await startPipeline({ helm: null, job: { environment: { PATH } } });
    sources = pipeline.job.folders.sources;
    writeFiles(sources, {
      'kyverno/no-privileged.yaml': noPrivileged('no-privileged'),
      'gatekeeper/template.yaml': privilegedTemplate(),
    });
  });
  after(() => pipeline.close());

  const check = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.run('PolicyCheck', {
      name: 'policies',
      condition: 'always()',
      inputs: { engine: 'kyverno', policies: 'kyverno', namespace: 'shop', ...inputs },
    });

  it('judges the fields of a chart that a line separator takes out of a comment', async () => {
    writeFiles(sources, {
      'chart/Chart.yaml': chartYaml('orders'),
      'chart/templates/pod.yaml': pod.replace('\nspec', ' # harmless\u2028spec'),
    });
    const step = await check({ chart: 'chart' });
    assert.match(messageOf(step), /Pod shop\/orders: Privileged containers are not allowed/);
  });

  it('chooses by the name of a namespace that is among the objects', async () => {
    const match = ', namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }';
    writeFiles(sources, {
      'gatekeeper/constraint.yaml': constraint('in-shop', { match }),
      'with-namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n${pod}`,
    });
    const step = await check({ engine: 'gatekeeper', policies: 'gatekeeper', manifests: 'with-namespace.yaml' });
    assert.match(messageOf(step), /K8sNoPrivileged in-shop: Pod shop\/orders: The container web is privileged\./);
  });

  it('fetches no base of a kustomization, also from another folder of this machine', async () => {
    const other = path.join(path.dirname(sources), 'other');
    writeFiles(other, { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': pod });
    const git = (...args: string[]): Buffer => execFileSync('git', ['-C', other, ...args], { stdio: 'pipe' });
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=contoso', '-c', 'user.email=dev@contoso.com', 'commit', '--quiet', '--message=Base');
    for (const base of [
      pathToFileURL(other).href,
      'git@contoso.com:contoso/base.git',
      'https://contoso.com/base.yaml',
    ]) {
      writeFiles(sources, { 'built/kustomization.yaml': `resources: ["${base}"]\n` });
      const step = await check({ kustomization: 'built' });
      assert.equal(step.result, 'Failed');
      assert.match(
        messageOf(step),
        /kubectl cannot build the kustomization "built"\. Nothing is fetched here, neither by git nor from the web/,
      );
    }
  });

  it('refuses a policy file that was commented out', async () => {
    writeFiles(sources, {
      'commented/a.yaml': noPrivileged('a'),
      'commented/b.yaml': '# kind: ValidatingPolicy\n',
      'pod.yaml': pod,
    });
    const step = await check({ policies: 'commented', manifests: 'pod.yaml' });
    assert.match(messageOf(step), /commented\/b\.yaml holds no policy, but nothing or comments alone/);
  });
});
