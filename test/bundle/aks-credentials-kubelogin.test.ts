import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { startClusterPipeline, type ClusterPipeline } from '../bench/cluster-pipeline.ts';
import { installFakeKubelogin } from '../bench/fake-kubelogin.ts';
import { refusalOf } from '../bench/refusal.ts';

/** Converts as kubelogin does, but to what the arguments say. */
const convertTo = (login: string): string => `
  if [ "$1" = convert-kubeconfig ]; then
    sed -i 's/- "devicecode"/- ${login}/' "$3"
    exit
  fi`;

const deviceCodePrompt =
  'echo "To sign in, use a web browser to open the page https://microsoft.com/devicelogin" >&2; exec sleep 600';

describe('AksCredentials: with a kubelogin that does something else', () => {
  let pipeline: ClusterPipeline;
  beforeEach(async () => {
    pipeline = await startClusterPipeline({ programs: [] });
  });
  afterEach(() => pipeline.close());

  async function refusal(inputs: Readonly<Record<string, string>> = {}): Promise<string> {
    const step = await pipeline.fetch(inputs);
    assert.deepEqual(readdirSync(pipeline.job.folders.temp), []);
    assert.deepEqual(pipeline.job.secretLeaks(step), []);
    assert.equal(step.leftProcesses, false);
    return refusalOf(step);
  }

  it('says how old it is and what is needed, when none can be installed', async () => {
    await installFakeKubelogin(pipeline.job, '0.2.10', 'exit 1');
    assert.match(await refusal(), /The kubelogin on PATH is 0\.2\.10, not >=0\.2\.12, and none could be installed/);
  });

  it('says so when it does not know the login method', async () => {
    await installFakeKubelogin(
      pipeline.job,
      '0.2.19',
      `echo "Error: 'azurepipelines' is not a supported login method. Supported method is one of devicecode, spn" >&2; exit 1`,
    );
    assert.match(await refusal(), /too old for login method azurepipelines; kubelogin >=0\.2\.12 is needed/);
  });

  it('refuses an entry that would still wait for a human', async () => {
    await installFakeKubelogin(pipeline.job, '0.2.19', convertTo('devicecode'));
    assert.match(await refusal(), /did not convert the kubeconfig to login method azurepipelines/);
  });

  it('stops one that waits for a human all the same, within the time limit', async () => {
    await installFakeKubelogin(pipeline.job, '0.2.19', `${convertTo('azurepipelines')}\n${deviceCodePrompt}`);
    assert.match(await refusal({ verifyTimeoutSeconds: '1' }), /get-token did not end within 1 s and was stopped/);
  });

  it('prints none of its output as a command or as a token', async () => {
    const script = `${convertTo('azurepipelines')}\necho '##vso[task.setvariable variable=KUBECONFIG]/tmp/other'`;
    await installFakeKubelogin(pipeline.job, '0.2.19', script);
    assert.match(await refusal(), /printed something else than a token/);
    assert.equal(pipeline.job.variables.get('KUBECONFIG'), undefined);
  });
});
