import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The folders of one job, laid out as on a self-hosted agent, and the home and temp folder of its machine. */
export interface WorkTree {
  readonly root: string;
  readonly work: string;
  /** Agent.BuildDirectory, Pipeline.Workspace */
  readonly build: string;
  /** Build.SourcesDirectory, System.DefaultWorkingDirectory */
  readonly sources: string;
  /** Build.ArtifactStagingDirectory */
  readonly staging: string;
  readonly binaries: string;
  readonly testResults: string;
  /** Agent.TempDirectory */
  readonly temp: string;
  /** Agent.ToolsDirectory */
  readonly tools: string;
  readonly home: string;
  /** The machine's own temp folder (`os.tmpdir()` of a task); the agent does not empty it. */
  readonly machineTemp: string;
  /** Where the server would keep the run's artifacts. */
  readonly artifacts: string;
}

/** Creates an empty tree in the machine's temp folder. The caller removes it. */
export async function createWorkTree(): Promise<WorkTree> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'agent-')));
  const work = path.join(root, '_work');
  const build = path.join(work, '1');
  const tree: WorkTree = {
    root,
    work,
    build,
    sources: path.join(build, 's'),
    staging: path.join(build, 'a'),
    binaries: path.join(build, 'b'),
    testResults: path.join(build, 'TestResults'),
    temp: path.join(work, '_temp'),
    tools: path.join(work, '_tool'),
    home: path.join(root, 'home'),
    machineTemp: path.join(root, 'tmp'),
    artifacts: path.join(root, 'artifacts'),
  };
  for (const folder of Object.values(tree)) await mkdir(folder, { recursive: true });
  return tree;
}
