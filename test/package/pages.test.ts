import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packed, sources, taskNames } from './packed.ts';
import { anchorsIn, examplesIn, outputReferences, pages, type ExampleStep } from './pages.ts';
import { taskIn, type Task } from './task.ts';

describe('the documentation', () => {
  const all = pages();
  const examples = all.flatMap(examplesIn);
  let tasks: Map<string, Task>;
  before(async () => {
    const extension = await packed();
    const read = taskNames.map((name) => taskIn(extension, name));
    tasks = new Map(read.map((task) => [`${task.name}@${task.version['Major']}`, task]));
  });

  it('shows every task in an example', () => {
    const shown = new Set(examples.flatMap(({ steps }) => steps.map(({ task }) => task)));
    assert.deepEqual(
      [...tasks.keys()].filter((task) => !shown.has(task)),
      [],
    );
  });

  it('gives tasks only inputs that they have and values that they take', () => {
    const steps = examples.flatMap((example) => example.steps);
    assert.deepEqual(
      steps.flatMap((step) => {
        const task = tasks.get(step.task);
        return task === undefined ? unknownTask(step) : wrongInputs(step, task);
      }),
      [],
    );
  });

  it('reads only outputs that the step before sets', () => {
    const everywhere = new Map(examples.flatMap(({ steps }) => steps.map(({ name = '', task }) => [name, task])));
    const wrong = examples.flatMap(({ steps, text }) => {
      const named = new Map([...everywhere, ...steps.map(({ name = '', task }): [string, string] => [name, task])]);
      return outputReferences(text)
        .map(({ step, output }) => ({ step, output, task: tasks.get(named.get(step) ?? '') }))
        .filter(({ task, output }) => task && !setsOutput(task, output))
        .map(({ step, output }) => `${step}.${output}`);
    });
    assert.ok(everywhere.has('push') && everywhere.has('pull'));
    assert.deepEqual(wrong, []);
  });

  it('has links that lead somewhere', () => {
    const broken = all.flatMap((page) =>
      [...page.text.matchAll(/\]\((?!https:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(
          ([, target = '', anchor]) => !leadsTo(path.posix.join(path.dirname(page.file), target), anchor, page.file),
        )
        .map(([link]) => `${page.file}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it('says for every dependency why it is there', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(path.join(sources, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    const reasons = all.find(({ file }) => file === 'docs/architecture.md')?.text ?? '';
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    assert.deepEqual(
      names.filter((name) => !name.startsWith('@types/') && !reasons.includes(`\`${name}\``)),
      [],
    );
  });

  function leadsTo(target: string, anchor: string | undefined, from: string): boolean {
    const file = target === path.dirname(from) ? from : target;
    if (!existsSync(path.join(sources, file))) return false;
    const page = all.find((each) => each.file === file);
    return anchor === undefined || (page !== undefined && anchorsIn(page).includes(anchor));
  }
});

/** By name, or as one of a family such as `image_*`. */
function setsOutput({ outputVariables, restrictions }: Task, output: string): boolean {
  const families = (restrictions?.settableVariables?.allowed ?? []).filter((name) => name.endsWith('_*'));
  return (
    outputVariables.some(({ name }) => name === output) ||
    families.some((family) => output.startsWith(family.slice(0, -1)))
  );
}

/** A task of ours that does not exist; tasks of others are not checked. */
function unknownTask({ at, task }: ExampleStep): string[] {
  const name = task.split('@')[0] ?? '';
  return taskNames.includes(name) ? [`${at}: there is no ${task}`] : [];
}

function wrongInputs({ at, task: shown, inputs }: ExampleStep, task: Task): string[] {
  const known = new Map(task.inputs.map((input) => [input.name, input]));
  const missing = task.inputs.filter(({ name, required, defaultValue }) => required && !defaultValue && !inputs[name]);
  const faults = Object.entries(inputs).flatMap(([name, value]) => {
    const input = known.get(name);
    if (input === undefined) return [`has no input ${name}`];
    const values = input.type === 'boolean' ? ['true', 'false'] : Object.keys(input.options ?? {});
    return values.length === 0 || values.includes(value) ? [] : [`does not take ${name}: ${value}`];
  });
  return [...faults, ...missing.map(({ name }) => `needs the input ${name}`)].map(
    (fault) => `${at}: ${shown} ${fault}`,
  );
}
