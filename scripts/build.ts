import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './build/bundle.ts';
import { guardBundle } from './build/guards.ts';
import { noticesFor } from './build/notices.ts';
import { readTasks, root, tasksFolder } from './generate/task-json.ts';

// Builds dist/: what the extension ships, one folder for each task.

const dist = path.join(root, 'dist');
rmSync(path.join(dist, 'tasks'), { recursive: true, force: true });

// The package is one of ES modules, the bundles are CommonJS as the agent expects.
mkdirSync(dist, { recursive: true });
writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }\n');

const packages = new Set<string>();
const problems: string[] = [];
for (const task of readTasks()) {
  const source = path.join(tasksFolder, task.name);
  const target = path.join(dist, 'tasks', task.name);
  mkdirSync(target, { recursive: true });
  for (const file of ['task.json', 'icon.png']) cpSync(path.join(source, file), path.join(target, file));
  const handlers = [...Object.values(task.execution), ...Object.values(task.postjobexecution ?? {})];
  for (const file of new Set(handlers.map((handler) => handler.target))) {
    const built = await bundle(path.join(source, file.replace(/\.js$/, '.ts')), path.join(target, file));
    built.packages.forEach((name) => packages.add(name));
    problems.push(...(await guardBundle(task, built)));
  }
}
noticesFor([...packages].sort(), path.join(dist, 'ThirdPartyNotices.txt'));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
