import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type ChartRequest, chartToDeploy } from '../../../tasks/common/chart/source/chart-to-deploy.ts';
import { HelmCli } from '../../../tasks/common/helm/index.ts';
import type { ServiceConnection } from '../../../tasks/common/task/connection.ts';
import type { TaskContext } from '../../../tasks/common/task/context.ts';
import { exec } from '../../../tasks/common/task/exec.ts';
import { findFiles } from '../../../tasks/common/task/find-files.ts';
import { type Azure, startAzure } from '../../azure/index.ts';
import type { ServiceConnection as AgentConnection } from '../../agent/index.ts';
import { type ProgramId, realProgram } from '../../real/index.ts';
import { networkContext } from '../network/network-context.ts';
import { ScratchFolder } from './scratch-folder.ts';

/** The inputs that a test gives; the others are empty. */
interface ChartInputs {
  readonly chart: string;
  readonly chartRepository?: string;
  readonly chartVersion?: string;
  readonly azureSubscription?: string;
  readonly registryConnection?: string;
  readonly containerRegistry?: string;
  readonly registry?: string;
  readonly allowSchemaReferences?: boolean;
}

const machineNetwork = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NO_PROXY', 'no_proxy'];

/** A step on a played Azure that gets charts; to be made where a `describe` starts. */
export class DeployBench {
  readonly scratch = new ScratchFolder();
  /** The job's connections by what an input names them. */
  readonly connections = new Map<string, AgentConnection>();
  /** What the steps told their log. */
  readonly told: string[] = [];
  /** The command lines of the programs that the steps started. */
  readonly commands: string[] = [];
  workspace = '';
  /** A real helm. */
  helm = '';
  #azure: Azure | undefined;

  constructor(helm: ProgramId = 'helm-4.1') {
    const kept = { ...process.env };
    before(async () => {
      this.helm = await realProgram(helm);
      this.#azure = await startAzure();
      this.workspace = this.scratch.fresh('workspace');
      mkdirSync(path.join(this.workspace, 's'), { recursive: true });
      const tools = this.scratch.fresh('tools');
      mkdirSync(tools);
      symlinkSync(this.helm, path.join(tools, 'helm'));
      process.env['PATH'] = `${tools}${path.delimiter}${kept['PATH'] ?? ''}`;
      // What the machine says of certificates and proxies comes before what the agent says.
      for (const name of machineNetwork) delete process.env[name];
    });
    after(async () => {
      for (const name of ['PATH', ...machineNetwork]) if (kept[name] !== undefined) process.env[name] = kept[name];
      await this.#azure?.close();
    });
    beforeEach(() => [this.told, this.commands].forEach((list) => list.splice(0)));
  }

  get azure(): Azure {
    if (this.#azure === undefined) throw new Error('Azure is played while tests run.');
    return this.#azure;
  }

  /** The folder of the run's sources. */
  get sources(): string {
    return path.join(this.workspace, 's');
  }

  /** Gets a chart as a step of its own would. */
  async get(inputs: ChartInputs) {
    const context = this.#context();
    const given = <Name extends Exclude<keyof ChartInputs, 'chart' | 'allowSchemaReferences'>>(input: Name) => ({
      input,
      value: inputs[input],
    });
    const request: ChartRequest = {
      chart: { input: 'chart', value: inputs.chart },
      repository: given('chartRepository'),
      version: given('chartVersion'),
      azureSubscription: given('azureSubscription'),
      registryConnection: given('registryConnection'),
      containerRegistry: given('containerRegistry'),
      registry: given('registry'),
      schemaReferences: { input: 'allowSchemaReferences', value: inputs.allowSchemaReferences ?? false },
      helm: () => HelmCli.find(context, undefined),
    };
    return { ...(await chartToDeploy(request, context)), privateFolder: context.privateFolder() };
  }

  #context(): TaskContext {
    const folder = this.scratch.fresh('private');
    mkdirSync(folder, { mode: 0o700 });
    const { proxyUrl, caFile } = this.azure;
    const variables: Readonly<Record<string, string>> = {
      'Pipeline.Workspace': this.workspace,
      'Build.SourcesDirectory': this.sources,
      'System.DefaultWorkingDirectory': this.sources,
    };
    const network = networkContext({ proxyUrl: new URL(proxyUrl), caFile });
    const tell = (text: string): void => void this.told.push(text);
    return {
      ...network,
      log: { ...network.log, info: tell, warning: tell },
      exec: (tool, args, options) => {
        this.commands.push([path.basename(tool), ...args].join(' '));
        return exec(tool, args, { show: false, cwd: folder, ...options });
      },
      job: { oidcRequestUri: unused, accessToken: unused },
      variable: (name) => variables[name],
      variableNames: () => Object.keys(variables),
      isSecretVariable: () => false,
      connection: (id, input) => asTaskSees(this.connections.get(id), input),
      findFiles: (patterns) =>
        findFiles(
          patterns.map((pattern) => path.resolve(this.sources, pattern)),
          network.signal,
        ),
      secrets: () => [],
      maskSecret: () => undefined,
      privateFolder: () => folder,
      jobFolder: unused,
      addAttachment: unused,
      publishTestResults: unused,
      uploadArtifact: unused,
      setOutput: unused,
      setForeignOutput: unused,
      setPathVariable: unused,
      prependPath: unused,
    };
  }
}

function unused(): never {
  throw new Error('A step that gets a chart needs no such thing.');
}

function asTaskSees(connection: AgentConnection | undefined, input: string): ServiceConnection {
  if (connection === undefined) throw new Error(`There is no connection for ${input}.`);
  const { id, url, scheme, parameters, data } = connection;
  return { id, url, scheme, parameter: readerOf(parameters), data: readerOf(data) };
}

/** Names have no case. */
function readerOf(values: Readonly<Record<string, string>> = {}): (name: string) => string | undefined {
  const lowerCased = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => lowerCased.get(name.toLowerCase()) || undefined;
}
