import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { readTasks, root } from '../../scripts/generate/task-json.ts';
import { messagesIn, namesIn } from './messages.ts';

// Advice to change an input helps nobody whose task has no such input.

const tasks = readTasks();
const allNames = new Set(tasks.flatMap(({ inputs }) => inputs.map(({ name }) => name)));

/** Words of a message that are the name of an input elsewhere and mean something else here. */
const otherMeanings: Readonly<Record<string, readonly string[]>> = {
  // Fields of variables.json.
  'tasks/common/handoff/handoff.ts': ['appVersion', 'chartVersion', 'imgVersion'],
};

/** The files of tasks/common that are left in a task's bundle when all that it does not use is gone. */
async function reachedBy(task: string): Promise<string[]> {
  const { metafile } = await esbuild.build({
    entryPoints: [path.join(root, 'tasks', task, 'index.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    treeShaking: true,
    metafile: true,
    write: false,
    outdir: root,
    absWorkingDir: root,
  });
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([file, { bytesInOutput }]) => file.startsWith('tasks/common/') && bytesInOutput > 0)
    .map(([file]) => file);
}

describe('the texts of tasks/common', () => {
  for (const { name: task, inputs } of tasks) {
    it(`name no input that ${task} does not have, where it uses them`, async () => {
      const own = new Set(inputs.map(({ name }) => name));
      const files = await reachedBy(task);
      assert.ok(files.includes('tasks/common/task/run-task.ts'), 'the files were found');
      const foreign = files.flatMap((file) =>
        messagesIn(readFileSync(path.join(root, file), 'utf8')).flatMap((message) =>
          namesIn(message, allNames)
            .filter((name) => !own.has(name) && !otherMeanings[file]?.includes(name))
            .map((name) => `${file} names ${name}: ${message}`),
        ),
      );
      assert.deepEqual(foreign, []);
    });
  }
});

const found = (code: string): string[] => messagesIn(code).flatMap((message) => namesIn(message, allNames));

describe('the search for names of inputs in a text', () => {
  it('finds them over several pieces and inside of templates', () => {
    assert.deepEqual(found("const a = 'Give input ' + // the source\n  'mirror another source.';"), ['mirror']);
    assert.deepEqual(found('throw new E(`${x} is ${y ? `large; raise maxUnpackedMB` : "ok"}.`)'), ['maxUnpackedMB']);
    assert.deepEqual(found("'give the inputs pipeline, strict and runId'"), ['pipeline', 'strict', 'runId']);
    assert.deepEqual(found("`add the line 'registry: ${host}' to it`"), ['registry']);
  });

  it('takes no common word for one, nor the input of a task that the text names', () => {
    assert.deepEqual(found("'run the CI pipeline again, or look into the registry'"), []);
    assert.deepEqual(found("'raise chartVersion of HelmChartSave'"), []);
    assert.deepEqual(found("// Give input mirror.\nconst a = 'chartVersion';"), []);
  });
});
