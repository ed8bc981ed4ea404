import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { realProgram, type ProgramId } from '../real/index.ts';
import { loginServer, type Pipeline } from './pipeline.ts';

const user = { username: 'helm-client', password: 'the-password-of-a-repository-token' };

/** A real helm, signed in to contoso.azurecr.io with a token that may pull and push everything. */
export interface HelmClient {
  run(...args: readonly string[]): Promise<string>;
  /** Pulls into a folder of its own; returns the digest of the file that came. */
  pull(...args: readonly string[]): Promise<string>;
}

/** Signs a helm in, in a home of its own. */
export async function helmClient(pipeline: Pipeline, id: ProgramId): Promise<HelmClient> {
  pipeline.registry.settings.tokens = [{ ...user, scopeMap: { '*': ['pull', 'push'] } }];
  const program = await realProgram(id);
  const home = mkdtempSync(path.join(pipeline.job.folders.temp, `${id}-`));
  const auth = Buffer.from(`${user.username}:${user.password}`).toString('base64');
  const config = path.join(home, 'registry.json');
  writeFileSync(config, JSON.stringify({ auths: { [loginServer]: { auth } } }));
  const folders = { HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
  const env = { ...pipeline.azure.environment, PATH: '', ...folders, HELM_REGISTRY_CONFIG: config };
  const run = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, args, { env });
    return stdout;
  };
  let pulls = 0;
  return {
    run,
    async pull(...args) {
      const folder = path.join(home, `pull-${(pulls += 1)}`);
      mkdirSync(folder);
      await run('pull', ...args, '--destination', folder);
      const [file = ''] = readdirSync(folder);
      return sha256(readFileSync(path.join(folder, file)));
    },
  };
}

/** The digest as registries write it. */
export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
