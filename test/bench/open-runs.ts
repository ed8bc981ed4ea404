import { realProgram } from '../real/index.ts';
import { together } from './together.ts';
import type { DeployRuns, DeployRunsOptions } from './deploy-runs.ts';

/** Starts a cluster and runs that deploy to it. */
export type StartRuns = (options?: DeployRunsOptions) => Promise<DeployRuns>;

/** For use in a `describe`: obtains the programs first, and closes after each test what it started. */
export function openRuns(startRuns: StartRuns): StartRuns {
  obtainPrograms();
  const open: DeployRuns[] = [];
  afterEach(() => closeAll(open));
  return remembering(startRuns, open);
}

/** Declares a test for each case, which closes what it started; a few at a time, since each mostly waits. */
export function runsTogether<Case>(
  startRuns: StartRuns,
  cases: Readonly<Record<string, Case>>,
  work: (start: StartRuns, one: Case) => Promise<void>,
  width: number,
): void {
  obtainPrograms();
  const onRuns = async (one: Case): Promise<void> => {
    const open: DeployRuns[] = [];
    try {
      await work(remembering(startRuns, open), one);
    } finally {
      await closeAll(open);
    }
  };
  together(cases, onRuns, () => undefined, width);
}

function obtainPrograms(): void {
  before(async function () {
    this.timeout(600_000);
    await Promise.all((['kubelogin', 'kubectl', 'helm-3.17', 'helm-4.2'] as const).map(realProgram));
  });
}

const remembering =
  (startRuns: StartRuns, open: DeployRuns[]): StartRuns =>
  async (options = {}) => {
    const runs = await startRuns(options);
    open.push(runs);
    return runs;
  };

async function closeAll(open: DeployRuns[]): Promise<void> {
  for (const runs of open.splice(0)) await runs.close();
}
