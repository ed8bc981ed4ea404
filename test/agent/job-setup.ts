import { addressVariables, agentVariables, serverVariables } from './job-variables.ts';
import { machineEnvironment } from './machine-environment.ts';
import { SecretMasker } from './masking.ts';
import { RunRecord } from './run-record.ts';
import { maskedValues, systemConnection, type ServiceConnection } from './service-connections.ts';
import type { JobState } from './step-context.ts';
import { agentCancelTimes, type CancelTimes } from './canceller.ts';
import { Variables } from './variables.ts';
import { createWorkTree, type WorkTree } from './work-tree.ts';

/** Proxy that an administrator set when he configured the agent. */
export interface AgentProxy {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Regular expressions over the request's URL. */
  readonly bypass?: readonly string[];
}

export interface JobOptions {
  /** Public variables; they replace the agent's and the server's own (`System.CollectionUri`, `Build.SourceVersion`, ...). */
  readonly variables?: Readonly<Record<string, string>>;
  readonly secretVariables?: Readonly<Record<string, string>>;
  readonly serviceConnections?: readonly ServiceConnection[];
  /** The job's token for Azure DevOps. */
  readonly accessToken?: string;
  readonly proxy?: AgentProxy;
  /** File with the certificate authority that the agent was configured with. */
  readonly caFile?: string;
  /** Environment of the agent's process, over the bare one of this machine. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Shorter times for tests of cancelling. */
  readonly cancelTimes?: Partial<CancelTimes>;
  /** Milliseconds before the retry of this number, from 1; the agent waits as many seconds as the number's square. */
  readonly retryWait?: (retry: number) => number;
}

/** Everything that the steps of one job are started with. */
export interface JobSetup {
  readonly tree: WorkTree;
  readonly machine: Readonly<Record<string, string>>;
  readonly connections: readonly ServiceConnection[];
  readonly systemConnection: ServiceConnection;
  readonly state: JobState;
  readonly cancelTimes: CancelTimes;
  readonly retryWait: (retry: number) => number;
}

const defaultAccessToken = 'job-token-for-azure-devops-0123456789';
const readOnlyName = /^(agent|build|system)\./i;

/** Creates the folders and the first variables of a job. */
export async function setUpJob(options: JobOptions): Promise<JobSetup> {
  const tree = await createWorkTree();
  const masker = new SecretMasker();
  const variables = initialVariables(tree, masker, options);
  const { serviceConnections: connections = [], accessToken = defaultAccessToken } = options;
  const system = systemConnection(variables.get('System.CollectionUri') ?? '', accessToken);
  for (const connection of [...connections, system]) {
    for (const value of maskedValues(connection)) masker.add(value);
  }
  return {
    tree,
    machine: machineEnvironment(tree, options.environment ?? {}),
    connections,
    systemConnection: system,
    state: {
      variables,
      masker,
      declaredSecrets: new Set(),
      prependedPaths: [],
      record: new RunRecord(),
      artifactsFolder: tree.artifacts,
    },
    cancelTimes: { ...agentCancelTimes, ...options.cancelTimes },
    retryWait: options.retryWait ?? ((retry) => retry ** 2 * 1000),
  };
}

function initialVariables(tree: WorkTree, masker: SecretMasker, options: JobOptions): Variables {
  const variables = new Variables((value) => {
    masker.addVariable(value);
  });
  const given = { ...serverVariables, ...options.variables };
  const all = { ...agentVariables(tree), ...addressVariables(given), ...agentSettings(options), ...given };
  for (const [name, value] of Object.entries(all)) variables.set(name, value, { readOnly: readOnlyName.test(name) });
  const { accessToken = defaultAccessToken, proxy, secretVariables } = options;
  const secrets = { 'System.AccessToken': accessToken, ...secretVariables };
  if (proxy?.password !== undefined) Object.assign(secrets, { 'Agent.ProxyPassword': proxy.password });
  for (const [name, value] of Object.entries(secrets)) variables.set(name, value, { secret: true });
  variables.expandNested();
  return variables;
}

function agentSettings({ proxy, caFile }: JobOptions): Record<string, string> {
  const settings: Record<string, string> = {};
  if (proxy !== undefined) {
    settings['Agent.ProxyUrl'] = proxy.url;
    settings['Agent.ProxyBypassList'] = JSON.stringify(proxy.bypass ?? []);
    if (proxy.username !== undefined) settings['Agent.ProxyUsername'] = proxy.username;
  }
  if (caFile !== undefined) settings['Agent.CAInfo'] = caFile;
  return settings;
}
