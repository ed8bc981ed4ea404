import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { processEnd } from './process-end.ts';

export interface DockerRegistryOptions {
  /** The host name under which clients reach it. */
  readonly loginServer: string;
  /** PEM certificate of the key that signs the tokens it trusts. */
  readonly tokenCertificate: string;
}

export interface DockerRegistry {
  /** Its address on loopback. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a real docker-registry with token authentication. Throws if none is installed. */
export async function startDockerRegistry(options: DockerRegistryOptions): Promise<DockerRegistry> {
  const program = await findOnPath('docker-registry');
  const folder = await mkdtemp(join(tmpdir(), 'docker-registry-'));
  const configFile = join(folder, 'config.yml');
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'tokens.pem'), options.tokenCertificate);
  await writeFile(configFile, stringify(configuration(options, folder)));
  const child = spawn(program, ['serve', configFile], { cwd: folder });
  child.stdin.end();
  child.stdout.resume();
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const close = async (): Promise<void> => {
    process.off('exit', kill);
    const exited = processEnd(child);
    kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { url: await listeningUrl(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function configuration({ loginServer }: DockerRegistryOptions, folder: string): Record<string, unknown> {
  return {
    version: '0.1',
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    // Without a host in its Location headers it need not know the name that clients use.
    http: { addr: '127.0.0.1:0', secret: randomUUID(), relativeurls: true },
    auth: {
      token: {
        realm: `https://${loginServer}/oauth2/token`,
        service: loginServer,
        issuer: 'Azure Container Registry',
        rootcertbundle: join(folder, 'tokens.pem'),
      },
    },
  };
}

/** The address that the registry reports in its log. Throws with the log's end if it stops instead. */
async function listeningUrl(child: ChildProcessWithoutNullStreams): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return `http://${address}`;
  }
  throw new Error(`docker-registry did not start: ${lines.slice(-3).join(' ')}`);
}

async function findOnPath(name: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new Error(`There is no ${name} on the PATH; on Debian and Ubuntu 'apt-get install ${name}' installs it.`);
}
