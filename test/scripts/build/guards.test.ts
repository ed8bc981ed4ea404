import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../../../scripts/build/bundle.ts';
import { guardBundle } from '../../../scripts/build/guards.ts';
import { root } from '../../../scripts/generate/task-json.ts';
import { writeFiles } from '../../bench/write-files.ts';
import { smallTask } from '../generate/small-task.ts';

describe('the guards of the build', () => {
  let folder: string;

  // Within the project, whose folder the paths of a bundle start from.
  before(() => {
    mkdirSync(path.join(root, 'dist'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'dist', 'guards-'));
    writeFiles(folder, { 'package.json': '{ "type": "commonjs" }' });
    writeFiles(path.join(folder, 'node_modules'), {
      'twin/package.json': '{"name":"twin","main":"index.js"}',
      'twin/index.js': 'exports.twin = 1;',
      'user/package.json': '{"name":"user","main":"index.js"}',
      'user/index.js': 'exports.user = require("twin");',
      'user/node_modules/twin/package.json': '{"name":"twin","main":"index.js"}',
      'user/node_modules/twin/index.js': 'exports.twin = 2;',
      'computing/package.json': '{"name":"computing","main":"index.js"}',
      'computing/index.js': 'const address = "https://x"; exports.load = (name) => require(name);',
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  let count = 0;

  /** What the guards say of a task with this entry. */
  async function complaints(source: string, task = smallTask([])): Promise<string[]> {
    count += 1;
    const entry = path.join(folder, `entry-${count}.ts`);
    writeFiles(folder, { [path.basename(entry)]: source });
    const built = await bundle(entry, path.join(folder, `out-${count}.js`));
    const name = path.relative(root, built.file);
    return (await guardBundle(task, built)).map((problem) => problem.replace(name, 'index.js'));
  }

  it('say nothing of a sound bundle', async () => {
    const sound = "console.log('##vso[task.issue type=error]Input x is empty'); export {};";
    assert.deepEqual(await complaints(sound), []);
  });

  it('find two copies of a package', async () => {
    const [problem, ...others] = await complaints("import 'twin'; import { user } from 'user'; globalThis.x = user;");
    assert.match(problem ?? '', /^index\.js holds two copies of twin\.$/);
    assert.deepEqual(others, []);
  });

  it('find what would be required when the task runs', async () => {
    const problems = await complaints("import './missing.js'; export {};").catch((error: unknown) => [String(error)]);
    assert.match(problems.join(), /Could not resolve "\.\/missing\.js"/);
    const optional = await complaints("try { require('not-installed'); } catch {}");
    assert.match(optional.join(), /index\.js requires 'not-installed' at run time\./);
    assert.deepEqual(await complaints("import 'node:fs'; import 'path'; export {};"), []);
  });

  it('find a require that no bundler can follow', async () => {
    const problems = await complaints("import { load } from 'computing'; globalThis.load = load;");
    assert.match(problems.join(), /node_modules\/computing\/index\.js computes a require\.$/);
  });

  it('find a bundle over its limit', async () => {
    const problems = await complaints(`globalThis.x = ${JSON.stringify('x'.repeat(1_200_001))};`);
    assert.match(problems.join(), /^index\.js has \d+ bytes; the limit is 1200000\.$/);
  });

  it('find what is printed at the start, and a start that fails', async () => {
    assert.deepEqual(await complaints("console.log('hello'); console.error('a warning');"), [
      'index.js prints when it starts: hello',
      'index.js prints when it starts: a warning',
    ]);
    assert.match((await complaints('process.exitCode = 3;')).join(), /prints when it starts: exit code 3/);
    assert.match((await complaints("console.log('##vso[task.setvariable variable=x]y');")).join(), /setvariable/);
  });

  it('find what the bundler warns of', async () => {
    const problems = await complaints('globalThis.x = { a: 1, a: 2 };');
    assert.match(problems.join(), /entry-\d+\.ts: Duplicate key "a" in object literal$/);
  });

  it('find a handler that task.json lacks', async () => {
    const { Node20_1 = { target: 'index.js' } } = smallTask([]).execution;
    const problems = await complaints('export {};', { ...smallTask([]), execution: { Node20_1 } });
    assert.match(problems.join(), /SmallTask: task\.json has no handler Node24\./);
  });
});
