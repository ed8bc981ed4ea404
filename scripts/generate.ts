import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { causeTable } from './generate/causes.ts';
import { fill, inputTable, outputTable, taskTable } from './generate/docs.ts';
import { inputsSource } from './generate/inputs.ts';
import { broken, grown, type Shipped } from './generate/shipped.ts';
import { readSharedInputs, withSharedInputs } from './generate/shared-inputs.ts';
import { templateFiles } from './generate/templates.ts';
import { readTasks, root, tasksFolder, type TaskJson } from './generate/task-json.ts';

// Everything that follows from the task.json files, and first these themselves: the inputs that several tasks have stand in
// tasks/shared-inputs.json. Besides, the page of causes follows from their table, and pages from the templates. With --check nothing is written and any difference is an error.

const check = process.argv.includes('--check');
const shared = readSharedInputs();
const tasks = readTasks().map((task) => withSharedInputs(task, shared));
const shippedFile = path.join(tasksFolder, 'shipped.json');
const shipped = existsSync(shippedFile) ? (JSON.parse(readFileSync(shippedFile, 'utf8')) as Shipped) : {};

const files = new Map<string, string>();
for (const task of tasks) {
  files.set(path.join(tasksFolder, task.name, 'task.json'), `${JSON.stringify(task, null, 2)}\n`);
  files.set(path.join(tasksFolder, task.name, 'inputs.gen.ts'), inputsSource(task));
  const page = path.join(root, 'docs', 'tasks', `${task.name}.md`);
  files.set(page, filledPage(task, page));
}
const readme = path.join(root, 'README.md');
files.set(readme, fill(readFileSync(readme, 'utf8'), 'tasks', taskTable(tasks), 'README.md'));
const causesPage = path.join(root, 'docs', 'causes.md');
files.set(causesPage, fill(readFileSync(causesPage, 'utf8'), 'causes', causeTable(), 'docs/causes.md'));
files.set(shippedFile, `${JSON.stringify(grown(shipped, tasks), null, 2)}\n`);

for (const [file, text] of templateFiles()) files.set(file, text);

const problems = broken(shipped, tasks);
for (const [file, text] of files) {
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (same) continue;
  if (check)
    problems.push(
      `${path.relative(root, file)} does not follow from task.json, tasks/shared-inputs.json, the table of causes or the templates; run npm run generate.`,
    );
  else {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function filledPage(task: TaskJson, page: string): string {
  const start = `# ${task.name}@${task.version.Major}\n\n<!-- prettier-ignore-start -->\n\n<!-- inputs -->\n<!-- /inputs -->\n\n<!-- outputs -->\n<!-- /outputs -->\n\n<!-- prettier-ignore-end -->\n`;
  const text = existsSync(page) ? readFileSync(page, 'utf8') : start;
  const name = path.relative(root, page);
  return fill(fill(text, 'inputs', inputTable(task), name), 'outputs', outputTable(task), name);
}
