import { runTask } from '../common/task/run-task.ts';
import { readInputs } from './inputs.gen.ts';

void runTask(readInputs, async () => (await import('./main.ts')).main);
