import assert from 'node:assert/strict';
import { unzipSync } from 'fflate';
import { WebApi, getBearerHandler } from 'azure-devops-node-api';
import { startAzure, type Azure, type PlayedRun } from '../../azure/index.ts';
import { call, fieldsOf, type Answer } from './loopback-client.ts';

const of = (answer: Answer): unknown[] => [answer.status, fieldsOf(answer)['typeKey']];

describe('Azure DevOps on loopback: runs and artifacts', () => {
  let azure: Azure;
  let run: PlayedRun;

  before(async () => {
    azure = await startAzure();
    run = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703, result: 'failed' });
    const files = { 'variables.json': Buffer.from('{}') };
    run.artifacts.push(
      { name: 'container', kind: 'Container', files },
      { name: 'pipeline', kind: 'PipelineArtifact', files },
    );
  });
  after(() => azure.close());

  const signedIn = (url: string, method = 'GET'): Promise<Answer> =>
    call(azure, url, { method, headers: { authorization: `Bearer ${azure.job.accessToken}` } });
  const builds = (): string => `https://dev.azure.com/contoso/${azure.job.projectId}/_apis/build/builds`;

  async function downloadUrl(name: string): Promise<string> {
    const answer = fieldsOf(await signedIn(`${builds()}/703/artifacts?artifactName=${name}`));
    return (answer['resource'] as { downloadUrl: string }).downloadUrl;
  }

  it('are found by an unmodified client, from the resource areas on', async () => {
    const { HTTPS_PROXY: proxyUrl = '' } = azure.environment;
    const options = { proxy: { proxyUrl }, cert: { caFile: azure.caFile } };
    const client = new WebApi('https://dev.azure.com/contoso', getBearerHandler(azure.job.accessToken), options);
    const api = await client.getBuildApi();
    const build = await api.getBuild(azure.job.projectId, 703);
    assert.equal(build.sourceBranch, 'refs/heads/main');
    assert.equal(build.definition?.id, 12);
    const artifacts = await api.getArtifacts(azure.job.projectId, 703);
    assert.deepEqual(
      artifacts.map(({ name, resource }) => [name, resource?.type]),
      [
        ['container', 'Container'],
        ['pipeline', 'PipelineArtifact'],
      ],
    );
  });

  it('do not exist for other ids, projects and names', async () => {
    assert.deepEqual(of(await signedIn(`${builds()}/704`)), [404, 'BuildNotFoundException']);
    const elsewhere = builds().replace(azure.job.projectId, 'other');
    assert.deepEqual(of(await signedIn(`${elsewhere}/703`)), [404, 'BuildNotFoundException']);
    assert.deepEqual(of(await signedIn(`${builds()}/703/artifacts?artifactName=x`)), [
      404,
      'ArtifactNotFoundException',
    ]);
  });

  it('are shown to the job only', async () => {
    const answer = await call(azure, `${builds()}/703`, { headers: { 'x-tfs-fedauthredirect': 'Suppress' } });
    assert.equal(answer.status, 401);
  });

  it('give a container as a zip at once', async () => {
    const answer = await signedIn(await downloadUrl('container'));
    assert.deepEqual(Object.keys(unzipSync(answer.body)), ['container/variables.json']);
  });

  it('give a pipeline artifact by a redirect to a signed link, which takes no token', async () => {
    const url = await downloadUrl('pipeline');
    assert.equal((await call(azure, url)).status, 401);
    const redirect = await signedIn(url);
    assert.equal(redirect.status, 302);
    const { location = '' } = redirect.headers;
    assert.equal((await signedIn(location)).status, 400);
    assert.equal((await call(azure, location.replace(/sig=[^&]*/, 'sig=x'))).status, 403);
    assert.deepEqual(Object.keys(unzipSync((await call(azure, location)).body)), ['pipeline/variables.json']);
  });
});
