import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { StepResult } from '../agent/index.ts';
import { messageOf } from '../bench/pipeline.ts';
import type { ReleasePipeline } from '../bench/release-pipeline.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/PolicyCheck');
const name = 'no-privileged-containers';

const policy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }],
    },
    validations: [
      {
        expression:
          'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)',
        message: 'spec.containers.securityContext.privileged must not be true.',
      },
    ],
  },
};
const binding = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: {
    policyName: name,
    validationActions: ['Deny'],
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
  },
};
const privileged = { set: 'securityContext.privileged=true\nsecurityContext.allowPrivilegeEscalation=true' };
const admission = '/apis/admissionregistration.k8s.io/v1';

describe('A policy that PolicyCheck and a real cluster have', () => {
  let pipeline: ReleasePipeline;
  before(async () => {
    pipeline = await startRealReleasePipeline({
      programs: ['kubelogin', 'kubectl', 'helm-4.2', 'kyverno'],
    });
    const folder = path.join(pipeline.job.folders.sources, 'policies');
    mkdirSync(folder);
    const text = [policy, binding].map((document) => stringify(document)).join('---\n');
    writeFileSync(path.join(folder, 'privileged.yaml'), text);
    await pipeline.administrator.create(`${admission}/validatingadmissionpolicies`, policy);
    await pipeline.administrator.create(`${admission}/validatingadmissionpolicybindings`, binding);
    await untilDenied(pipeline);
  });
  after(() => pipeline.close());

  function check(inputs: Record<string, string> = {}): Promise<StepResult> {
    const chart = { chart: pipeline.charts[0].reference, azureSubscription: 'contoso-azure' };
    const where = { namespace: 'shop', releaseName: 'web' };
    const own = { engine: 'kyverno', policies: 'policies' };
    return pipeline.job.runTask({ condition: 'always()', task, inputs: { ...own, ...chart, ...where, ...inputs } });
  }

  it('is kept by the sample chart', async () => {
    const checked = await check();
    assert.equal(checked.result, 'Succeeded', checked.log.join('\n'));
    assert.equal(checked.outputs['policiesPassed'], '1');
    const deployed = await pipeline.deploy();
    assert.equal(deployed.result, 'Succeeded', deployed.log.join('\n'));
  });

  it('is told by both under its name where the chart breaks it, before the deployment and by the doctor', async () => {
    const checked = await check(privileged);
    assert.equal(checked.result, 'Failed', checked.log.join('\n'));
    assert.match(messageOf(checked), new RegExp(`${name}: Deployment shop/web-go-template-app .*must not be true`));
    const deployed = await pipeline.deploy(privileged);
    assert.equal(deployed.result, 'Failed');
    const told = messageOf(deployed);
    assert.match(
      told,
      new RegExp(`ValidatingAdmissionPolicy '${name}'.* refuses the pods of Deployment 'web-go-template-app'`),
    );
    assert.match(told, /PolicyCheck@1 \(engine: kyverno\)/);
  });
});

/** The API server looks at its policies about once a second. */
async function untilDenied({ administrator }: ReleasePipeline): Promise<void> {
  const container = { name: 'probe', image: 'contoso.azurecr.io/probe:1.0.0', securityContext: { privileged: true } };
  const pod = { metadata: { name: 'probe' }, spec: { containers: [container] } };
  for (;;) {
    const refused = await administrator.create('/api/v1/namespaces/shop/pods?dryRun=All', pod).then(
      () => false,
      () => true,
    );
    if (refused) return;
  }
}
