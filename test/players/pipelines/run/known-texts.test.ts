import assert from 'node:assert/strict';
import { withKnownTexts } from '../../../agent/pipelines/run/known-texts.ts';
import { documentOf } from './playing.ts';

describe('what a reader of a pipeline knows', () => {
  it('are the variables of each place, and those of queue time, in inputs and environments', () => {
    const document = documentOf(`
variables: {region: weu, cluster: contoso-$(region), tier: root}
stages:
- stage: one
  variables: {tier: qa}
  jobs:
  - deployment: orders
    variables: {project: orders}
    environment: $(tier)-$(project)
    strategy: {runOnce: {deploy: {steps: [{bash: 'echo $(cluster) $(tag) $(tier)'}]}}}
  - job: other
    steps: [{bash: 'echo $(queued) $(project)'}]
`);
    const [deployment, other] = withKnownTexts(document, { queued: 'now', tier: 'queued' }).stages[0]?.jobs ?? [];
    assert.ok(deployment?.kind === 'deployment' && other?.kind === 'job');
    assert.equal(deployment.environment, 'qa-orders');
    assert.equal(deployment.hooks[0]?.steps[0]?.inputs['script'], 'echo contoso-weu $(tag) qa');
    assert.equal(other.steps[0]?.inputs['script'], 'echo now $(project)');
  });
});
