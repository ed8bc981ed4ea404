import path from 'node:path';
import { realProgram } from '../real/index.ts';
import type { Pipeline } from './pipeline.ts';
import { writeFiles } from './write-files.ts';

/**
 * Puts a helm before the real one on the PATH of all later steps: a bash script, which may end with `real` to go on as
 * the real helm would.
 */
export async function installFakeHelm({ job }: Pipeline, script: string): Promise<void> {
  const real = await realProgram('helm-4.1');
  const folder = path.join(job.folders.root, 'fake-helm');
  const program = `#!/bin/bash\nreal() { exec '${real}' "$@"; }\n${script.replaceAll(/\breal$/gm, 'real "$@"')}\n`;
  writeFiles(folder, { helm: { program } });
  await job.runScript({ script: `echo "##vso[task.prependpath]${folder}"`, condition: 'always()' });
}
