import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const tasks = path.resolve(import.meta.dirname, '../../tasks');

/** What the tasks may take from the yaml package beside the nodes: all else parses at any cost. */
const harmless = /^(type \w+|is[A-Z]\w+( as \w+)?|visit|stringify)$/;

describe('YAML', () => {
  it('is parsed in one place, where the work is bounded', () => {
    const parsing = readdirSync(tasks, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => {
        const text = readFileSync(path.join(tasks, file), 'utf8');
        const taken = [...text.matchAll(/import\s+([^;]*?)\s+from 'yaml'/g)].flatMap(([, names = '']) =>
          names.replace(/[{}]/g, '').split(','),
        );
        return taken.some((name) => name.trim() !== '' && !harmless.test(name.trim()));
      });
    assert.deepEqual(parsing, [path.join('common', 'go', 'document.ts')]);
  });
});
