import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packed, sources, taskNames } from './packed.ts';
import { anchorsIn, examplesIn, pages } from './pages.ts';
import { taskIn } from './task.ts';

describe('the documentation', () => {
  const all = pages();

  it('shows every task in an example', async () => {
    const extension = await packed();
    const tasks = taskNames.map((name) => taskIn(extension, name));
    const references = tasks.map(({ name, version }) => `${name}@${version['Major']}`);
    const shown = new Set(all.flatMap(examplesIn).flatMap(({ steps }) => steps.map(({ task }) => task)));
    assert.deepEqual(
      references.filter((task) => !shown.has(task)),
      [],
    );
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
