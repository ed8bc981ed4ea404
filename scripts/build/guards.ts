import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, type TaskJson } from '../generate/task-json.ts';
import type { Bundle } from './bundle.ts';

/** Bytes of one bundle; what the whole package may have stands in vsix.ts. */
const largest = 1_200_000;
const handlerNames = ['Node20_1', 'Node24'];

/** What is wrong with a bundle, a sentence each; any of it fails the build. */
export async function guardBundle(task: TaskJson, bundle: Bundle): Promise<string[]> {
  const name = path.relative(root, bundle.file);
  const missing = [task.execution, task.postjobexecution ?? task.execution].flatMap((handlers) =>
    handlerNames.filter((handler) => !(handler in handlers)),
  );
  return [
    ...bundle.warnings.map((warning) => `${name}: ${warning}`),
    ...missing.map((handler) => `${task.name}: task.json has no handler ${handler}.`),
    ...(bundle.size > largest ? [`${name} has ${bundle.size} bytes; the limit is ${largest}.`] : []),
    ...twice(bundle.packages).map((copy) => `${name} holds two copies of ${copy}.`),
    ...bundle.required
      .filter((module) => !isBuiltin(module))
      .map((module) => `${name} requires '${module}' at run time.`),
    ...bundle.sources.filter(computesRequire).map((source) => `${name}: ${source} computes a require.`),
    ...(await unexpectedOutput(bundle.file)).map((line) => `${name} prints when it starts: ${line}`),
  ];
}

function twice(packages: readonly string[]): string[] {
  const names = packages.map((folder) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length));
  return names.filter((name, index) => names.indexOf(name) !== index);
}

/** task-lib loads message files this way, of which these tasks have none. */
const knownComputed = new Set(['node_modules/azure-pipelines-task-lib/internal.js']);

/** A require whose argument is no literal cannot have been bundled. */
function computesRequire(source: string): boolean {
  if (knownComputed.has(source)) return false;
  // A comment may speak of require; what follows the // of an address in the code is none.
  const code = readFileSync(path.join(root, source), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
  return /(?<![\w$.'"`])require\((?!\s*["'`)])/.test(code);
}

/** Starts the bundle with nothing in its environment: it may only say which input is missing. */
function unexpectedOutput(file: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'build-guard-'));
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { env: {}, cwd: folder }, (error, stdout, stderr) => {
      rmSync(folder, { recursive: true });
      const lines = `${stdout}\n${stderr}`.split(/\r?\n/).filter((line) => line !== '');
      const expected = /^##vso\[task\.(debug|issue|complete)[ \]]/;
      const strange = lines.filter((line) => !expected.test(line)).map((line) => line.slice(0, 200));
      resolve(error ? [...strange, `exit code ${error.code}`] : strange);
    });
  });
}
