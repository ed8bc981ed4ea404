import { controlPlane } from './cluster/index.ts';
import { realProgram, type ProgramId } from './index.ts';

// Obtains the programs before tests want them: to build some of them takes minutes, more on a small machine, and a test has
// a time limit. What cannot be had is said here, and again by the tests that want it.

const helms = ['helm-3.17', 'helm-4.1', 'helm-4.2', 'helm-3.22', 'helm-4.3'] as const;
const clients: readonly ProgramId[] = [...helms, 'kubectl', 'kubelogin', 'kyverno', 'gator'];

async function obtain(program: () => Promise<unknown>): Promise<void> {
  await program().catch((error: unknown) => console.error(error instanceof Error ? error.message : String(error)));
}

for (const id of clients) await obtain(() => realProgram(id));
if (process.argv.includes('--cluster')) await obtain(controlPlane);
