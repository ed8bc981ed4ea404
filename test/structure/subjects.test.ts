import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const common = path.join(root, 'tasks', 'common');

/** The order as docs/architecture.md has it: `text < task < …`, over as many lines as it takes. */
function writtenOrder(): string[] {
  const page = readFileSync(path.join(root, 'docs', 'architecture.md'), 'utf8');
  const [, block = ''] = /<!-- order -->\s*```text\n([\s\S]*?)```/.exec(page) ?? [];
  return block.split('<').map((name) => name.trim());
}

interface Import {
  readonly file: string;
  /** A file below tasks/ as a path from there, or the name of a package. */
  readonly target: string;
}

function importsIn(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = path.join(folder, name);
      const text = readFileSync(file, 'utf8');
      return [...text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'([^']+)'/gm)].map(([, target = '']) => ({
        file: fromTasks(file),
        target: target.startsWith('.') ? fromTasks(path.resolve(path.dirname(file), target)) : target,
      }));
    });
}

const fromTasks = (file: string): string => path.relative(path.join(root, 'tasks'), file).split(path.sep).join('/');

/** The subject of a file: `chart/archive` where a subject has rooms of its own, else `task`. */
function subjectOf(file: string, order: readonly string[]): string | undefined {
  return order.filter((subject) => file.startsWith(`common/${subject}/`)).sort((a, b) => b.length - a.length)[0];
}

describe('the subjects in tasks/common', () => {
  const order = writtenOrder();
  const imports = importsIn(common);

  it('are all in the order that docs/architecture.md gives them, and it names no other', () => {
    const files = readdirSync(common, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const found = new Set(files.map((name) => subjectOf(`common/${name.split(path.sep).join('/')}`, order)));
    assert.deepEqual(found, new Set(order));
  });

  it('import only what comes before them there', () => {
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [subjectOf(file, order), subjectOf(target, order)];
      return from !== undefined && to !== undefined && order.indexOf(to) > order.indexOf(from);
    });
    assert.ok(imports.length > 200, 'the imports were found');
    assert.deepEqual(wrong, []);
  });

  it('import no task', () => {
    assert.deepEqual(
      imports.filter(({ target }) => /^[A-Z]\w+\//.test(target)),
      [],
    );
  });

  it('leave the agent to one of them', () => {
    const users = imports.filter(({ target }) => target.startsWith('azure-pipelines-task-lib'));
    assert.ok(users.length > 0, 'it is found there');
    assert.deepEqual(
      users.filter(({ file }) => !file.startsWith('common/task/')),
      [],
    );
  });
});

describe('a task', () => {
  it('imports no other task', () => {
    const tasks = readdirSync(path.join(root, 'tasks')).filter((name) => /^[A-Z]/.test(name));
    assert.ok(tasks.length > 0);
    for (const task of tasks) {
      const others = importsIn(path.join(root, 'tasks', task)).filter(
        ({ target }) => /^[A-Z]\w+\//.test(target) && !target.startsWith(`${task}/`),
      );
      assert.deepEqual(others, []);
    }
  });
});
