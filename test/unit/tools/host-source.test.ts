import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchText } from '../../../tasks/common/tools/download.ts';
import { chooseSource } from '../../../tasks/common/tools/sources.ts';
import { type Azure, startAzure } from '../../azure/index.ts';
import { impatient, workbench, type Workbench } from './workbench.ts';

const checksumPath = '/release/v1.36.3/bin/linux/amd64/kubectl.sha256';

describe('Asking the host of a tool', () => {
  let azure: Azure;
  let bench: Workbench;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'executable-'));
    await writeFile(path.join(folder, 'tool'), 'a tool');
  });
  beforeEach(async () => {
    azure = await startAzure();
    bench = await workbench(azure);
    const executable = path.join(folder, 'tool');
    const build = { os: 'linux', cpu: 'amd64' } as const;
    await azure.releases.publish({ tool: 'kubectl', version: '1.36.3', executable, build });
    await azure.releases.publish({ tool: 'kubelogin', version: '0.2.19', executable, build });
  });
  afterEach(async () => {
    await azure.close();
    await bench.close();
  });
  after(() => rm(folder, { recursive: true }));

  async function ask(
    file: string,
    value?: string,
    vendor = 'https://dl.k8s.io',
    patience = {},
  ): Promise<string | undefined> {
    const limits = { ...impatient, attempts: 1, ...patience };
    const source = await chooseSource(vendor, { input: 'mirror', value }, limits, bench.context);
    return fetchText({ source, path: file, limits, signal: bench.context.signal });
  }

  it('goes through the proxy and follows redirects to other hosts', async () => {
    assert.match((await ask(checksumPath)) ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(
      azure.requests.map(({ host, status }) => [host, status]),
      [
        ['dl.k8s.io', 302],
        ['cdn.dl.k8s.io', 200],
      ],
    );

    const latest = '/Azure/kubelogin/releases/latest/download/kubelogin-version.txt';
    assert.equal(await ask(latest, undefined, 'https://github.com'), 'v0.2.19');
  });

  it('finds nothing where there is nothing', async () => {
    assert.equal(await ask('/release/v9.9.9/bin/linux/amd64/kubectl.sha256'), undefined);
  });

  it('shows user and password to the mirror alone', async () => {
    azure.mirror('mirror.contoso.com', { base: '/tools', credentials: 'ci:p@ss word' });

    assert.match(
      (await ask(checksumPath, 'https://ci:p%40ss%20word@mirror.contoso.com/tools/')) ?? '',
      /^[0-9a-f]{64}$/,
    );
    const [request] = azure.requests;
    assert.equal(request?.headers['authorization'], 'Basic');
    assert.equal(request?.path, `/tools${checksumPath}`);
    await assert.rejects(ask(checksumPath, 'https://mirror.contoso.com/tools'), {
      name: 'TaskError',
      message: `mirror.contoso.com wants a sign-in for /tools${checksumPath} (HTTP 401): put user and password into the mirror's address (https://user:$(token)@mirror.contoso.com/).`,
    });
  });

  it('keeps user and password where the mirror redirects on its own host, and loses them on the way to another', async () => {
    const credentials = 'ci:p@ss word';
    azure.mirror('own.contoso.com', { base: '/tools', credentials, movedTo: '/store' });
    azure.mirror('moved.contoso.com', { base: '/tools', credentials, movedTo: 'https://store.fabrikam.com' });
    azure.mirror('store.fabrikam.com');

    for (const host of ['own.contoso.com', 'moved.contoso.com']) {
      assert.match((await ask(checksumPath, `https://ci:p%40ss%20word@${host}/tools`)) ?? '', /^[0-9a-f]{64}$/);
    }

    assert.deepEqual(
      azure.requests.map(({ host, headers, status }) => [host, headers['authorization'], status]),
      [
        ['own.contoso.com', 'Basic', 302],
        ['own.contoso.com', 'Basic', 200],
        ['moved.contoso.com', 'Basic', 302],
        ['store.fabrikam.com', undefined, 200],
      ],
    );
  });

  it('takes a folder with the paths of the vendor', async () => {
    assert.match((await ask(checksumPath, azure.releases.folder)) ?? '', /^[0-9a-f]{64}$/);
    assert.equal(await ask('/release/v9.9.9/kubectl', azure.releases.folder), undefined);
    assert.equal(azure.requests.length, 0);
  });

  it('takes no other mirror', async () => {
    await assert.rejects(ask(checksumPath, 'http://mirror.contoso.com'), {
      name: 'TaskError',
      message:
        /^Input mirror is the address of http:\/\/mirror\.contoso\.com; it takes an address that begins with https:/,
    });
    await assert.rejects(
      ask(checksumPath, '/no/such/folder'),
      /\/no\/such\/folder is no folder; give an https address or a folder/,
    );
    await assert.rejects(
      ask(checksumPath, 'https://user:secret@'),
      (error: Error) => !error.message.includes('secret'),
    );
  });

  const troubles = [
    { kind: '403', says: /^dl\.k8s\.io refuses .*kubectl\.sha256 \(HTTP 403\), .*rate limit.*give input mirror/ },
    { kind: '429', says: /^dl\.k8s\.io refuses .* \(HTTP 429\), .*rate limit/ },
    {
      kind: '500',
      says: /^dl\.k8s\.io failed several times \(HTTP 500\): run the step again later, or give input mirror/,
    },
    { kind: 'html', says: /^dl\.k8s\.io answered with a web page instead of .*: probably the sign-in page of a proxy/ },
    {
      kind: 'hang',
      says: /^The connection to dl\.k8s\.io failed \(dl\.k8s\.io did not answer within 4 s\): check the network/,
    },
    { kind: 'reset', says: /^The connection to dl\.k8s\.io failed \(/ },
  ] as const;
  for (const { kind, says } of troubles) {
    it(`explains ${kind}`, async () => {
      const fault = azure.fault({ kind, times: Infinity });

      // Only a host that never answers may be met with so little patience.
      const patience = kind === 'hang' ? { answerMs: 1000 } : {};

      await assert.rejects(ask(checksumPath, undefined, undefined, patience), { name: 'TaskError', message: says });
      const once = kind === '403' || kind === '429' || kind === 'html';
      // A host that is silent the second time gets no third one.
      assert.equal(fault.hits, once ? 1 : kind === 'hang' ? 2 : 1 + impatient.retries);
    });
  }

  it('asks again after a passing trouble', async () => {
    azure.fault({ kind: '503', times: 1 });
    azure.fault({ kind: 'reset', times: 1 });

    assert.match((await ask(checksumPath)) ?? '', /^[0-9a-f]{64}$/);
  });

  it('explains a host that nobody knows', async () => {
    await assert.rejects(ask(checksumPath, 'https://mirror.fabrikam.com'), {
      name: 'TaskError',
      message: /^mirror\.fabrikam\.com /,
    });
  });
});
