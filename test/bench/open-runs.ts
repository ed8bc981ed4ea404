import { realProgram } from '../real/index.ts';
import type { DeployRuns, DeployRunsOptions } from './deploy-runs.ts';

/** Starts a cluster and runs that deploy to it. */
export type StartRuns = (options?: DeployRunsOptions) => Promise<DeployRuns>;

/** For use in a `describe`: obtains the programs first, and closes after each test what it started. */
export function openRuns(startRuns: StartRuns): StartRuns {
  const open: DeployRuns[] = [];
  before(async function () {
    this.timeout(600_000);
    await Promise.all((['kubelogin', 'kubectl', 'helm-3.17', 'helm-4.2'] as const).map(realProgram));
  });
  afterEach(async () => {
    for (const runs of open.splice(0)) await runs.close();
  });
  return async (options = {}) => {
    const runs = await startRuns(options);
    open.push(runs);
    return runs;
  };
}
