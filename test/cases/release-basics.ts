import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { assertGood, sharedRelease, type StartReleases } from '../bench/release-cases.ts';
import { loginServer } from '../bench/pipeline.ts';

const run = {
  'Build.BuildId': '8001',
  'Build.BuildNumber': '20261126.7 <b>|x',
  'Build.RequestedFor': 'Ann [Contoso](https://evil.example) | _x_',
};

/** Declares what the shortest uses of HelmReleaseDeploy leave: outputs, records with labels, pages. */
export function basicsOfDeploy(start: StartReleases): void {
  const pipeline = sharedRelease(start, { job: { variables: run } });

  it('makes revision 1, and then revision 2', async () => {
    const { deploy, charts, history } = pipeline();
    const [{ digest }, next] = charts;
    const first = assertGood(await deploy({ releaseName: '' }));
    const known = { releaseStatus: 'deployed', chartDigest: digest, diagnosisFile: '' };
    assert.deepEqual(first.outputs, { ...known, releaseRevision: '1', previousRevision: '' });
    const second = assertGood(await deploy({ releaseName: '', chart: next.byDigest }));
    const [releaseRevision, previousRevision] = ['2', '1'];
    assert.deepEqual(second.outputs, { ...known, releaseRevision, previousRevision, chartDigest: next.digest });
    const records = await history('go-template-app');
    assert.deepEqual(
      records.map(({ number, status }) => `${number} ${status}`),
      ['1 superseded', '2 deployed'],
    );
  });

  it('labels the record with the run that built, the run that deployed, the commit and the digest', async () => {
    const { job, history, charts, deploy } = pipeline();
    const variable = (name: string): string => job.variables.get(name) ?? '';
    assertGood(await deploy({ releaseName: 'labelled' }));
    const [record] = await history('labelled');
    const labels = Object.entries(record?.labels ?? {}).filter(([name]) => name.startsWith('helm-delivery/'));
    const [, digits = ''] = charts[0].digest.split(':');
    assert.deepEqual(Object.fromEntries(labels), {
      'helm-delivery/ci-project': variable('System.TeamProjectId'),
      'helm-delivery/ci-pipeline': variable('System.DefinitionId'),
      'helm-delivery/ci-run': '8001',
      'helm-delivery/deploy-run': '8001',
      'helm-delivery/commit': variable('Build.SourceVersion'),
      'helm-delivery/digest-1': digits.slice(0, 32),
      'helm-delivery/digest-2': digits.slice(32),
    });
  });

  it('works on the cluster of an earlier AksCredentials', async () => {
    const { fetch, deploy } = pipeline();
    const { kubeconfigPath = '' } = assertGood(await fetch({ namespace: 'shop' })).outputs;
    const before = statSync(kubeconfigPath).mtimeMs;
    const step = assertGood(await deploy({ resourceGroup: '', cluster: '', releaseName: 'later' }));
    assert.equal(step.outputs['releaseRevision'], '1');
    assert.equal(statSync(kubeconfigPath).mtimeMs, before);
  });

  it('tells on a page what was there, what is there, the images, who and when, as the text that it is', async () => {
    const { deploy, job, charts } = pipeline();
    const image = { repository: `${loginServer}/web`, tag: 'v1_0' };
    const lines = Object.entries(image).map(([name, value]) => `image.${name}=${value}`);
    assertGood(await deploy({ releaseName: 'paged' }));
    assertGood(await deploy({ releaseName: 'paged', chart: charts[1].byDigest, setString: lines.join('\n') }));
    const page = job.record.summaries.at(-1) ?? '';
    const cells = page.split('\n').map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    const row = (name: string): string[] => cells.find(([, first]) => first === name) ?? [];
    assert.deepEqual(row('Before').slice(2, 4), ['1', 'deployed'], page);
    assert.deepEqual(row('Now').slice(2, 4), ['2', 'deployed']);
    assert.deepEqual([row('Before')[4], row('Now')[4]].map(plain), [charts[0].digest, charts[1].digest]);
    assert.equal(plain(row('Cluster and namespace')[2]), 'contoso-qa, shop');
    const workload = cells.find(([, first]) => plain(first) === 'Deployment paged-go-template-app') ?? [];
    assert.deepEqual(workload.slice(2, 5).map(plain), ['app', `${loginServer}/web:v1_0`, 'by tag only']);
    // Whoever started the run has no link, no table and no tag in it.
    assert.doesNotMatch(page, /(?<!\\)[[\]<>_]/);
    assert.equal(plain(row('Started by')[2]), run['Build.RequestedFor']);
    assert.equal(plain(row('In run')[2]), run['Build.BuildNumber']);
  });

  it('changes nothing when an input is wrong', async () => {
    const { deploy, history } = pipeline();
    const wrong = {
      'Line 1 of input set is not of the form path=value': { set: 'replicaCount' },
      'no file matches': { valueFiles: 'nowhere/*.yaml' },
      'Input timeout is': { timeout: '10' },
      'Input releaseName is': { releaseName: 'Not_A_Name' },
      'Input toRevision belongs to action: rollback': { toRevision: '1' },
      'Input resourceGroup is given': { cluster: '' },
    };
    for (const [message, inputs] of Object.entries(wrong)) {
      const step = await deploy({ releaseName: 'wrong', ...inputs });
      assert.equal(step.result, 'Failed', step.log.join('\n'));
      assert.ok(step.issues[0]?.message.includes(message), `${message}: ${step.issues[0]?.message}`);
    }
    assert.deepEqual(await history('wrong'), []);
  });
}

/** What Markdown shows of a text whose signs are all escaped. */
function plain(markdown = ''): string {
  return markdown.replace(/\\(?=[^A-Za-z\d\s])/g, '');
}
