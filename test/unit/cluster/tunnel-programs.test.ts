import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTunnel, type ApiTunnel } from '../../../tasks/common/cluster/tunnel.ts';
import { kubeconfigText } from '../../../tasks/common/cluster/write-kubeconfig.ts';
import { type Azure, startAzure } from '../../azure/index.ts';
import { helms, obtainHelms } from '../../bench/helms.ts';
import { runProgram } from '../../bench/run-program.ts';
import { realProgram } from '../../real/index.ts';
import { networkContext } from '../network/network-context.ts';

const credentials = { username: 'agent', password: 'p@ss:word/%' };

describe('the tunnel to an API server, for real programs', () => {
  obtainHelms();
  let azure: Azure;
  let tunnel: ApiTunnel;
  let folder: string;
  let [holds, asked] = [true, 0];
  before(async () => {
    azure = await startAzure({ proxyCredentials: credentials });
    const { fqdn, authority, admin } = azure.cluster('contoso-qa');
    folder = mkdtempSync(path.join(tmpdir(), 'programs-'));
    const access = {
      cluster: 'contoso-qa',
      userName: 'admin',
      server: `https://${fqdn}:443`,
      certificateAuthority: authority.certificate,
      user: { kind: 'local', certificate: undefined, token: admin.token },
    } as const;
    tunnel = await openTunnel(
      { access, proxyUrl: azure.environment['HTTPS_PROXY'] },
      () => (asked += 1) > 0 && holds,
      { ...networkContext(), maskSecret: () => undefined },
      { totalMs: 1, tryMs: 60_000, pauseMs: 1 },
    );
    const parts = { context: 'qa', namespace: 'web', proxyUrl: tunnel.proxyUrl, exec: undefined };
    writeFileSync(path.join(folder, 'config'), kubeconfigText(access, parts), { mode: 0o600 });
  });
  after(async () => {
    tunnel.close();
    rmSync(folder, { recursive: true });
    await azure.close();
  });

  // The name of the cluster is known to the proxy alone, so whoever gets an answer came through the tunnel.
  const run = async (id: (typeof programs)[number]): Promise<string> =>
    runProgram(await realProgram(id), id === 'kubectl' ? ['get', 'pods'] : ['list'], {
      HOME: folder,
      KUBECONFIG: path.join(folder, 'config'),
      // What a job may have set: the kubeconfig's own proxy must count, and past any bypass list.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '*',
    });
  const programs = [...helms, 'kubectl'] as const;

  for (const id of programs) {
    it(`is the way that ${id} takes, with the secret in its address`, async () => {
      const before = asked;
      await run(id);
      assert.ok(asked > before);
      assert.equal(tunnel.troubles, 0);
    });
  }

  it('leads none of them anywhere once it is cut', async () => {
    holds = false;
    const before = azure.requests.length;
    for (const id of programs) await assert.rejects(run(id), /proxyconnect|connection refused|was refused|EOF|reset/);
    assert.equal(azure.requests.length, before);
  });
});
