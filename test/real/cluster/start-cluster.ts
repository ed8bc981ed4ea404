import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Azure, Cluster } from '../../azure/index.ts';
import { realProgram } from '../real-program.ts';
import { ApiServerClient } from './api-server-client.ts';
import { writeClusterFiles } from './cluster-files.ts';
import { apiServerCommandLine, commandLines, files, kwokCommandLine } from './command-lines.ts';
import { KeptPrograms } from './kept-programs.ts';
import { node, nodeAddress } from './node.ts';
import { RealCluster } from './real-cluster.ts';

/** In the order in which they are best built. */
const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kwok'] as const;
type ControlPlaneProgram = (typeof programs)[number];

const startLimitMs = 600_000;

/** The programs of the control plane. The first time they are downloaded or built, which may take ten minutes. */
export async function controlPlane(): Promise<Record<ControlPlaneProgram, string>> {
  const paths: [string, string][] = [];
  // One after the other: they are built of the same parts, and one build alone fills the memory of small machines.
  for (const id of programs) paths.push([id, await realProgram(id)]);
  return Object.fromEntries(paths) as Record<ControlPlaneProgram, string>;
}

/**
 * Puts a real control plane behind the name of a played AKS cluster: it has the cluster's certificate, knows its
 * administrator, and takes the tokens that the played Entra issues for its tenant. One node is ready, whose pods run as
 * soon as they are scheduled, unless their annotation says otherwise. Throws with the log of the program that failed.
 * @param isRelayed whether its requests pass through the played Azure, which records them and can disturb them
 * @param more files beside the programs; kwok reads those named *.yaml, which say how more pods behave and what they print
 */
export async function startCluster(
  azure: Azure,
  cluster: Cluster,
  isRelayed = false,
  more: Readonly<Record<string, string>> = {},
): Promise<RealCluster> {
  const paths = await controlPlane();
  const port = await freePort();
  const kept = await KeptPrograms.open('cluster');
  const start = (name: ControlPlaneProgram, args: readonly string[], environment = {}): void =>
    kept.start({ name, command: paths[name], args, environment });
  const client = new ApiServerClient(cluster, port);
  const real = new RealCluster(kept, client, path.join(kept.folder, files.kubeconfig));
  try {
    const azureAuthority = await readFile(azure.caFile, 'utf8');
    await writeClusterFiles({ folder: kept.folder, cluster, azureAuthority, port, more });
    const { HTTPS_PROXY = '' } = azure.environment;
    start('etcd', commandLines.etcd);
    // No proxy knows the services of a cluster.
    start('kube-apiserver', apiServerCommandLine(port), { HTTPS_PROXY, NO_PROXY: '.svc' });
    await until(kept, client, '/readyz', (answer) => answer === 'ok');
    for (const name of ['kube-controller-manager', 'kube-scheduler'] as const) start(name, commandLines[name]);
    const stages = Object.keys(more).filter((name) => name.endsWith('.yaml'));
    // kwok looks for its settings in the home folder too.
    start('kwok', kwokCommandLine(await freePort(), stages), { HOME: kept.folder });
    await client.create('/api/v1/nodes', node);
    // AKS gives the same name to the certificate of its administrator, which carries no group here.
    await real.bind('masterclient', 'cluster-admin');
    await until(kept, client, nodeAddress, (answer) => !answer.includes('"taints"'));
    await until(kept, client, '/api/v1/namespaces/default/serviceaccounts/default', () => true);
  } catch (error) {
    await real.close();
    throw error;
  }
  if (isRelayed) azure.relayCluster(cluster, port);
  else azure.leaveHost(cluster.fqdn, port);
  return real;
}

/** Asks until the answer is as wished. Throws when a program ends meanwhile, or after ten minutes. */
async function until(
  kept: KeptPrograms,
  client: ApiServerClient,
  address: string,
  isGood: (answer: string) => boolean,
): Promise<void> {
  const ends = Date.now() + startLimitMs;
  let last: unknown = 'never asked';
  while (Date.now() < ends) {
    const answer = await Promise.race([client.get(address).catch((error: unknown) => error), kept.failure]);
    if (typeof answer === 'string' && isGood(answer)) return;
    last = answer;
    await delay(50);
  }
  throw new Error(`The cluster was not ready within ten minutes; ${address} says: ${String(last)}`);
}

/** A port that no one listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
