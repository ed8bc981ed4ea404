import path from 'node:path';
import type { Job } from '../agent/index.ts';
import { writeFiles } from './write-files.ts';

/** Puts a kubelogin on the PATH of all later steps: a bash script that tells this version and then does as `script` says. */
export async function installFakeKubelogin(job: Job, version: string, script: string): Promise<void> {
  const folder = path.join(job.folders.root, 'fake-kubelogin');
  const answer = `if [ "$1" = --version ]; then printf 'kubelogin version\\ngit hash: v${version}\\n'; exit; fi`;
  writeFiles(folder, { kubelogin: { program: `#!/bin/bash\n${answer}\n${script}\n` } });
  await job.runScript({ script: `echo "##vso[task.prependpath]${folder}"`, condition: 'always()' });
}
