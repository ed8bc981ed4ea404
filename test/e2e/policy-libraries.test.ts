import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { constraint, noPrivileged, privilegedTemplate } from '../bench/sample-policies.ts';
import { writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

const pod = (privileged: boolean): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, securityContext: {privileged: ${privileged}}}]}}`;
const kustomization = '{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, resources: [template.yaml]}';

/** As open-policy-agent/gatekeeper-library has its folders. */
const gatekeeperLibrary = {
  'library/general/privileged/template.yaml': privilegedTemplate(),
  'library/general/privileged/kustomization.yaml': kustomization,
  'library/general/privileged/suite.yaml': '{kind: Suite, apiVersion: test.gatekeeper.sh/v1alpha1, tests: []}',
  'library/general/privileged/samples/privileged/constraint.yaml': constraint('no-privileged'),
  'library/general/privileged/samples/privileged/example_allowed.yaml': pod(false),
  'library/general/privileged/samples/privileged/example_disallowed.yaml': pod(true),
  'library/general/privileged/samples/privileged/update.yaml': `{kind: AdmissionReview, apiVersion: admission.k8s.io/v1beta1, request: {object: ${pod(true)}}}`,
};

/** As kyverno/policies has them; the tests lie in folders whose names begin with a dot, or beside the policy. */
const kyvernoLibrary = {
  'policies/pod-security/privileged/privileged.yaml': noPrivileged('privileged'),
  'policies/pod-security/privileged/artifacthub-pkg.yml': 'name: privileged\nversion: 1.0.0\n',
  'policies/pod-security/privileged/.kyverno-test/kyverno-test.yaml':
    '{apiVersion: cli.kyverno.io/v1alpha1, kind: Test}',
  'policies/pod-security/privileged/.chainsaw-test/policy-ready.yaml':
    '{apiVersion: policies.kyverno.io/v1, kind: ValidatingPolicy, metadata: {name: privileged}, status: {ready: true}}',
  'policies/pod-security/privileged/values.yaml': '{apiVersion: cli.kyverno.io/v1alpha1, kind: Values, policies: []}',
  'policies/pod-security/privileged/resource.yaml': pod(true),
};

const exported = `{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sNoPrivileged, metadata: {name: exported}, spec: {match: {kinds: [{apiGroups: [''], kinds: [Pod]}]}}}`;

describe('PolicyCheck with a clone of a library of policies', () => {
  let pipeline: Pipeline;
  before(async () => {
    const programs = await Promise.all((['kyverno', 'gator'] as const).map((id) => realProgram(id)));
    const PATH = [...programs.map((program) => path.dirname(program)), '/usr/bin', '/bin'].join(path.delimiter);
    pipeline = await startPipeline({ helm: null, job: { environment: { PATH } } });
    writeFiles(pipeline.job.folders.sources, {
      ...gatekeeperLibrary,
      ...kyvernoLibrary,
      'exported/list.yaml': `{apiVersion: v1, kind: List, items: [${exported}]}`,
      'good.yaml': pod(false),
      'bad.yaml': pod(true),
    });
  });
  after(() => pipeline.close());

  const check = (engine: string, policies: string, manifests: string): Promise<StepResult> =>
    pipeline.run('PolicyCheck', {
      name: 'policies',
      condition: 'always()',
      inputs: { engine, policies, manifests, namespace: 'shop' },
    });

  for (const [engine, policies, said, refused] of [
    [
      'gatekeeper',
      'library',
      /passed over 3 documents that are no policies \(AdmissionReview, Pod\), such as "library/,
      /K8sNoPrivileged no-privileged: Pod shop\/web/,
    ],
    [
      'gatekeeper',
      'library/**/*.yaml',
      /passed over 3 documents that are no policies \(AdmissionReview, Pod\), such as "library/,
      /K8sNoPrivileged no-privileged: Pod shop\/web/,
    ],
    [
      'kyverno',
      'policies',
      /passed over 2 documents that are no policies \(Pod, Values\), such as "policies/,
      /ValidatingPolicy privileged: Pod shop\/web/,
    ],
    [
      'kyverno',
      'policies/**/*.yaml',
      /passed over 2 documents that are no policies \(Pod, Values\), such as "policies/,
      /ValidatingPolicy privileged: Pod shop\/web/,
    ],
  ] as const) {
    it(`judges by the policies in ${policies} alone, and says what it passed over`, async () => {
      const good = await check(engine, policies, 'good.yaml');
      assert.equal(good.result, 'Succeeded', good.log.join('\n'));
      assert.equal(good.outputs['policiesPassed'], '1');
      assert.match(good.log.join('\n'), said);
      const bad = await check(engine, policies, 'bad.yaml');
      assert.match(messageOf(bad), refused);
    });
  }

  it('refuses a sample that is given as a policy by its own path, and reads policies that kubectl lists', async () => {
    const named = await check(
      'gatekeeper',
      'library\nlibrary/general/privileged/samples/privileged/example_allowed.yaml',
      'good.yaml',
    );
    assert.match(messageOf(named), /example_allowed\.yaml holds "Pod \(v1\)", which is nothing of Gatekeeper/);
    const listed = await check('gatekeeper', 'library/**/template.yaml\nexported', 'bad.yaml');
    assert.match(messageOf(listed), /K8sNoPrivileged exported: Pod shop\/web: The container web is privileged/);
  });
});
