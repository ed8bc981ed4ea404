import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { clusterPolicy, constraint, noPrivileged, privilegedTemplate } from '../bench/sample-policies.ts';
import { writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

const command = '##vso[task.complete result=Succeeded]##[error]';
const pod = (fields: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: orders}\n${fields}\n`;
const containers = 'spec: {containers: [{name: web, securityContext: {privileged: true}}]}';

/** Says what stands in an annotation. */
const repeating = clusterPolicy(
  'repeating',
  `match: { any: [{ resources: { kinds: [Pod] } }] }, validate: { failureAction: Enforce, message: "{{ request.object.metadata.annotations.said }}", deny: {} }`,
);

const echoing = privilegedTemplate('violation[{"msg": msg}] { msg := input.review.object.metadata.annotations.said }');

describe('PolicyCheck with what others wrote', () => {
  let pipeline: Pipeline;
  let sources: string;
  before(async () => {
    const programs = await Promise.all((['kyverno', 'gator'] as const).map((id) => realProgram(id)));
    const PATH = [...programs.map((program) => path.dirname(program)), '/usr/bin', '/bin'].join(path.delimiter);
    pipeline = await startPipeline({
      helm: null,
      job: { environment: { PATH }, secretVariables: { token: 'hunter2-hunter2' } },
    });
    sources = pipeline.job.folders.sources;
    writeFiles(sources, {
      'kyverno/no-privileged.yaml': noPrivileged('no-privileged'),
      'repeating/policy.yaml': repeating,
      'gatekeeper/template.yaml': echoing,
      'gatekeeper/constraint.yaml': constraint('echoing'),
    });
  });
  after(() => pipeline.close());

  const check = (manifest: string, inputs: Record<string, string> = {}): Promise<StepResult> => {
    writeFiles(sources, { 'manifest.yaml': manifest });
    return pipeline.run('PolicyCheck', {
      name: 'policies',
      condition: 'always()',
      inputs: { engine: 'kyverno', policies: 'kyverno', namespace: 'shop', manifests: 'manifest.yaml', ...inputs },
    });
  };

  for (const [engine, policies] of [
    ['kyverno', 'repeating'],
    ['gatekeeper', 'gatekeeper'],
  ] as const) {
    it(`takes no command, secret or end of a table out of a message of ${engine}`, async () => {
      const before = pipeline.job.record.summaries.length;
      const said = JSON.stringify(`${command} | <b>x</b> hunter2-hunter2\n${command}`);
      const manifest = pod(containers).replace('{name: orders}', `{name: orders, annotations: {said: ${said}}}`);

      const step = await check(manifest, { engine, policies });

      assert.equal(step.result, 'Failed', step.log.join('\n'));
      assert.deepEqual(step.violations, []);
      assert.match(messageOf(step), /Pod shop\/orders: ##_vso|Pod shop\/orders: #/);
      const page = pipeline.job.record.summaries.slice(before).join('\n');
      assert.doesNotMatch(step.log.join('\n') + page, /hunter2/);
      assert.match(page, /\\\| \\<b\\>x/);
    });

    it(`bears a message of ${engine} that is longer than all that is shown`, async () => {
      const manifest = pod(containers).replace(
        '{name: orders}',
        `{name: orders, annotations: {said: ${'x'.repeat(2_000_000)}}}`,
      );
      const step = await check(manifest, { engine, policies });
      assert.equal(step.result, 'Failed');
      assert.match(messageOf(step), /orders/);
      assert.ok(step.log.join('\n').length < 50_000);
    });
  }

  it('refuses aliases that unfold without end, and reads those that do not', async () => {
    const bomb = Array.from(
      { length: 12 },
      (_each, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, `.repeat(9)}]`,
    );
    const refused = await check(`${bomb.join('\n')}\n${pod(containers)}`);
    assert.match(
      messageOf(refused),
      /manifest\.yaml is not valid YAML: it holds too much, or aliases that unfold to too much/,
    );

    const aliased = pod(
      'spec: {containers: [&web {name: web, securityContext: {privileged: true}}], initContainers: [*web]}',
    );
    assert.match(
      messageOf(await check(aliased)),
      /no-privileged: Pod shop\/orders: Privileged containers are not allowed\./,
    );
  });

  it('judges what Go would read otherwise as Go reads it', async () => {
    const step = await check(pod('spec: {containers: [{name: web, securityContext: {privileged: yes}}]}'));
    assert.equal(step.result, 'Failed', 'yes is true');
    const odd = await check(pod(`${containers}\ndata: "a\\x85b\\x7f\\ufeff"`));
    assert.match(messageOf(odd), /Privileged containers are not allowed/);
  });
});
