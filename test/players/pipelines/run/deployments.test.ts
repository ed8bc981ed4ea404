import assert from 'node:assert/strict';
import { jobOf, linesOf, play, resultsOf } from './playing.ts';
import { SmallService } from './small-service.ts';

/** A deployment job whose hooks have these scripts. */
function deployment(hooks: Readonly<Record<string, string>>, environment = 'qa'): string {
  const hook = (name: string, indent: string): string[] => [
    `${indent}${name}:`,
    `${indent}  steps:`,
    `${indent}  - bash: ${hooks[name] ?? ''}`,
  ];
  const plain = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'].filter((name) => name in hooks);
  const last = ['success', 'failure'].filter((name) => name in hooks);
  return [
    'jobs:',
    '- deployment: orders',
    `  environment: ${environment}`,
    '  strategy:',
    '    runOnce:',
    ...plain.flatMap((name) => hook(name, '      ')),
    ...(last.length > 0 ? ['      on:', ...last.flatMap((name) => hook(name, '        '))] : []),
    '',
  ].join('\n');
}

const qa = (): SmallService => new SmallService({ environments: ['qa', 'qa-orders'] });
const every = {
  preDeploy: 'echo pre',
  deploy: 'echo deploy',
  routeTraffic: 'echo route',
  postRouteTraffic: 'echo post',
  success: 'echo success',
  failure: 'echo failure',
};

const resources = 'resources:\n  pipelines:\n  - pipeline: ci\n    source: orders-ci\n';

function downloading(download: string): string {
  const text = deployment({ deploy: 'true' });
  return resources + text.replace('        - bash', `        - download: ${download}\n        - bash`);
}

describe('deployment jobs', () => {
  it('run their hooks in order, each on an agent of its own, and go into the history of the environment', async () => {
    const service = qa();
    const record = await play(deployment(every), { service });
    assert.deepEqual(linesOf(jobOf(record, 'orders')), ['pre', 'deploy', 'route', 'post', 'success']);
    assert.equal(jobOf(record, 'orders').environment, 'qa');
    assert.deepEqual(
      service.agents,
      Array.from({ length: 5 }, () => '__default orders qa'),
    );
    const [{ run, ...deployed } = { run: undefined }] = service.deployments;
    assert.equal(run?.id, 41);
    assert.deepEqual(deployed, { environment: 'qa', stage: '__default', job: 'orders', result: 'Succeeded' });
  });

  it('go on with on.failure alone once a hook failed, and have failed even so', async () => {
    const service = qa();
    const record = await play(deployment({ ...every, deploy: 'exit 1' }), { service });
    assert.deepEqual(linesOf(jobOf(record, 'orders')), ['pre', 'failure']);
    assert.equal(jobOf(record, 'orders').result, 'Failed');
    assert.equal(service.deployments[0]?.result, 'Failed');
  });

  it('hand nothing from one hook to the next', async () => {
    const preDeploy = 'touch $(Pipeline.Workspace)/left && echo "##vso[task.setvariable variable=left]yes"';
    const deploy = 'ls $(Pipeline.Workspace); echo "[$LEFT]"';
    const record = await play(deployment({ preDeploy: `'${preDeploy}'`, deploy: `'${deploy}'` }), { service: qa() });
    const lines = linesOf(jobOf(record, 'orders'));
    assert.ok(!lines.includes('left'), lines.join('\n'));
    assert.equal(lines.at(-1), '[]');
  });

  it('know their environment and their strategy', async () => {
    const names = '$(Environment.Name) $(Strategy.Name) $(Strategy.CycleName)';
    const hooks = Object.fromEntries(Object.keys(every).map((hook) => [hook, `echo ${names}`]));
    const record = await play(deployment(hooks), { service: qa() });
    const cycles = ['PreIteration', 'Iteration', 'Iteration', 'Iteration', 'PostIteration'];
    assert.deepEqual(
      linesOf(jobOf(record, 'orders')),
      cycles.map((cycle) => `qa runOnce ${cycle}`),
    );
  });

  it('may have variables of the file in the name of their environment', async () => {
    const service = qa();
    await play(`variables: {project: orders}\n${deployment({ deploy: 'true' }, 'qa-$(project)')}`, { service });
    assert.deepEqual(service.checked[0]?.environments, ['qa-orders']);
  });

  it('may have variables of their stage and job there, too', async () => {
    const service = qa();
    const job = deployment({ deploy: 'true' }, '$(tier)-$(project)').replace(
      '  environment',
      '  variables: {project: orders}\n  environment',
    );
    await play(`stages:\n- stage: one\n  variables: {tier: qa}\n${job.replaceAll(/^/gm, '  ')}`, { service });
    assert.deepEqual(service.checked[0]?.environments, ['qa-orders']);
    assert.equal(service.deployments[0]?.environment, 'qa-orders');
  });

  it('are refused for an environment that is not there, before anything is queued', async () => {
    const service = qa();
    const message =
      'Job orders: Environment prod could not be found. The environment does not exist or has not been authorized for use.';
    await assert.rejects(play(deployment(every, 'prod'), { service }), { message });
    const two = `${deployment(every)}${deployment(every, 'prod').replace('jobs:\n', '').replace('orders', 'second')}`;
    await assert.rejects(play(two, { service }), { message: message.replace('orders', 'second') });
    assert.deepEqual(service.queued, []);
  });

  const artifacts = [{ name: 'build-artifact', kind: 'Container' as const, files: new Map() }];
  const ci = { projectId: 'p', pipelineId: 3, pipelineName: 'orders-ci', number: '7', requestedFor: 'Robin Doe' };
  const runs = [{ ...ci, id: 30, branch: 'refs/heads/main', commit: 'c1' }];
  const titles = async (text: string): Promise<string[]> => {
    const record = await play(text, { service: new SmallService({ environments: ['qa'], artifacts, runs }) });
    assert.equal(record.result, 'Succeeded');
    return jobOf(record, 'orders').parts.flatMap(({ steps }) => steps.map(({ displayName }) => displayName));
  };

  it('download everything in deploy alone, and check nothing out', async () => {
    const text = resources + deployment({ preDeploy: 'true', deploy: 'true' });
    assert.deepEqual(await titles(text), ['Bash', 'Download current', 'Download ci', 'Bash']);
  });

  it('download nothing by themselves with download: none or a download of their own', async () => {
    assert.deepEqual(await titles(downloading('none')), ['Download none', 'Bash']);
    assert.deepEqual(await titles(downloading('ci')), ['Download ci', 'Bash']);
    const task = downloading('ci').replace('download: ci', 'task: DownloadPipelineArtifact@2');
    assert.deepEqual(await titles(task), ['DownloadPipelineArtifact', 'Bash']);
  });

  it('skipped, are in no history', async () => {
    const service = qa();
    const record = await play(deployment({ deploy: 'true' }).replace('  strategy', '  condition: false\n  strategy'), {
      service,
    });
    assert.deepEqual(resultsOf(record), { __default: 'Skipped' });
    assert.deepEqual(service.deployments, []);
  });
});
