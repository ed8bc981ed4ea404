import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pullFromRepository } from '../../../tasks/common/helm/pull.ts';
import { exec, type ExecOptions } from '../../../tasks/common/task/exec.ts';
import { CertificateAuthority } from '../../azure/certificates/certificate-authority.ts';
import { realProgram } from '../../real/index.ts';
import { refusalOf } from '../chart/refusal.ts';

for (const id of ['helm-3.17', 'helm-4.2'] as const) {
  describe(`A chart repository that ${id} asks`, () => {
    const authority = new CertificateAuthority();
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'pull-')));
    const caFile = path.join(root, 'authority.pem');
    let chartAddress = '';
    const { certificate: cert, key } = authority.serverCredential('localhost');
    const server = https.createServer({ cert, key }, (_request, response) =>
      response.end(
        `apiVersion: v1\nentries:\n  web:\n  - {apiVersion: v2, name: web, version: 1.0.0, urls: ["${chartAddress}"]}\n`,
      ),
    );
    before(async () => {
      writeFileSync(caFile, authority.certificate);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    after(() => {
      server.close();
      rmSync(root, { recursive: true });
    });

    async function refusal(noProxy: string): Promise<string> {
      const program = await realProgram(id);
      const folder = mkdtempSync(path.join(root, 'step-'));
      mkdirSync(path.join(folder, 'home'));
      const repository = `https://localhost:${(server.address() as AddressInfo).port}/`;
      const helm = {
        version: '0.0.0',
        run: (args: readonly string[], { env, ...options }: ExecOptions = {}) =>
          exec(program, args, { cwd: folder, show: false, ...options, env: { ...env, SSL_CERT_FILE: caFile } }),
      };
      const network = { proxyUrl: undefined, bypassesProxy: () => true, noProxy, caFile };
      const chart = { name: 'web', version: '1.0.0', repository };
      return refusalOf(() => pullFromRepository(helm, chart, folder, { network }));
    }

    it('leads it to no plain http, on whatever list of hosts without a proxy', async () => {
      chartAddress = 'http://plain.contoso.invalid/web-1.0.0.tgz';
      for (const noProxy of ['', 'plain.contoso.invalid', '.contoso.invalid, other', '*', '*.contoso.invalid'])
        assert.match(await refusal(noProxy), /leads to an address of plain http/, noProxy);
    });

    it('leads it to no file, and to nothing that a plugin would fetch', async () => {
      for (const scheme of ['file', 'git', 's3']) {
        chartAddress = `${scheme}:///etc/passwd`;
        assert.match(await refusal(''), /helm could not get web 1\.0\.0 .*(?:protocol handler|scheme|not found)/s);
      }
    });
  });
}
