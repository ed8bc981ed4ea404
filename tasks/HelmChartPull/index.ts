import { runTask } from '../common/task/run-task.ts';
import { readCheckedInputs } from './checked-inputs.ts';

void runTask(readCheckedInputs, async () => (await import('./main.ts')).main);
