import { type ProgramId, realProgram } from '../real/index.ts';

/** One of each line that people use. */
export const helms = ['helm-3.17', 'helm-3.22', 'helm-4.1', 'helm-4.2', 'helm-4.3'] as const satisfies ProgramId[];

/** Has them at hand before the tests of a suite: the newest are built by Go the first time, which takes minutes. */
export function obtainHelms(): void {
  before(async function obtain() {
    this.timeout(1_200_000);
    for (const id of helms) await realProgram(id);
  });
}
