import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Azure, Cluster } from '../../azure/index.ts';
import { realProgram, type ProgramId } from '../../real/index.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Real programs that work in a played cluster as its administrator. */
export class ClusterTools {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'cluster-tools-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor(azure: Azure, { fqdn, authority, admin }: Cluster) {
    const server = `https://${fqdn}`;
    const authorityData = Buffer.from(authority.certificate).toString('base64');
    const config = path.join(this.folder, 'kubeconfig');
    const text = stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'played',
      clusters: [{ name: 'played', cluster: { server, 'certificate-authority-data': authorityData } }],
      contexts: [{ name: 'played', context: { cluster: 'played', user: 'admin' } }],
      users: [{ name: 'admin', user: { token: admin.token } }],
    });
    writeFileSync(config, text, { mode: 0o600 });
    this.#env = { ...azure.environment, HOME: this.folder, PATH: '', KUBECONFIG: config };
  }

  /** Runs a program to its end, whatever that is. */
  async run(id: ProgramId, ...args: readonly string[]): Promise<Ended> {
    const program = await realProgram(id);
    return new Promise((resolve) => {
      execFile(program, args, { env: this.#env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  }

  /** Gives what a program prints. Throws if it fails. */
  async out(id: ProgramId, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(id, ...args);
    if (code !== 0) throw new Error(`${id} ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
