import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import semver from 'semver';
import { packed, sources, taskNames, type Packed } from './packed.ts';
import { pngSize } from './png.ts';
import { taskIn, type Task } from './task.ts';
import {
  badChoices,
  badDefaults,
  badHandlers,
  badInputs,
  badOutputs,
  badPickers,
  badTexts,
  emptyGroups,
} from './task-rules.ts';

/** The first agent that knows the handler Node20_1. */
const firstNode20Agent = '3.232.1';
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('task.json of every packed task', () => {
  let extension: Packed;
  let tasks: Task[];
  before(async () => {
    extension = await packed();
    tasks = taskNames.map((name) => taskIn(extension, name));
  });

  const faults = (rule: (task: Task) => readonly string[]): string[] =>
    tasks.flatMap((task) => rule(task).map((fault) => `${task.name}: ${fault}`));

  it('has the name of its folder and an id of its own', () => {
    assert.deepEqual(
      tasks.map(({ name }) => name),
      taskNames,
    );
    for (const { id, name } of tasks) {
      assert.match(name, /^[A-Za-z0-9-]+$/);
      assert.match(id, guid);
    }
    assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
  });

  it('has a version in three numbers and a category of the task catalogue', () => {
    for (const { version, category } of tasks) {
      assert.deepEqual(Object.keys(version), ['Major', 'Minor', 'Patch']);
      assert.ok(Object.values(version).every(Number.isInteger));
      assert.ok(['Build', 'Deploy', 'Package', 'Test', 'Tool', 'Utility'].includes(category), category);
    }
  });

  it('links to its page in docs/tasks', () => {
    for (const { name, helpMarkDown } of tasks) {
      assert.match(helpMarkDown, new RegExp(`https://[^)]+/docs/tasks/${name}\\.md\\)`));
      assert.ok(existsSync(path.join(sources, 'docs', 'tasks', `${name}.md`)), name);
    }
  });

  it('asks for an agent that knows its handlers', () => {
    for (const { minimumAgentVersion = '0.0.0' } of tasks) assert.ok(semver.gte(minimumAgentVersion, firstNode20Agent));
  });

  it('runs on Node 20 and Node 24, by scripts that are in the package', () => {
    const files = extension.files;
    assert.deepEqual(
      faults((task) => badHandlers(task, (file) => files.has(`tasks/${task.name}/${file}`))),
      [],
    );
  });

  it('has texts that fit the editor and the log', () => assert.deepEqual(faults(badTexts), []));

  it('explains every input and puts it into a group', () => assert.deepEqual(faults(badInputs), []));

  it('has no group without an input', () => assert.deepEqual(faults(emptyGroups), []));

  it('has defaults that its inputs take', () => assert.deepEqual(faults(badDefaults), []));

  it('lists all there is in its pickers, of the chosen subscription', () => assert.deepEqual(faults(badPickers), []));

  it('says in the labels which inputs exclude each other', () => assert.deepEqual(faults(badChoices), []));

  it('describes every output, and lets the task set exactly its outputs', () => {
    assert.deepEqual(faults(badOutputs), []);
  });

  it('has an icon of 32 x 32 beside it', () => {
    for (const name of taskNames) {
      assert.deepEqual(pngSize(extension.files.get(`tasks/${name}/icon.png`)), { width: 32, height: 32 }, name);
    }
  });
});
