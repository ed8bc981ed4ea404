import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { schemaCheck } from '../../../tasks/common/go/json-schema.ts';
import { blocks } from '../../templates/yaml-blocks.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const faultIn = schemaCheck(JSON.parse(readFileSync(path.join(root, 'docs/environments.schema.json'), 'utf8')));

describe('the schema of environments', () => {
  it('takes every file that docs and examples show', () => {
    const shown = blocks().filter(({ text }) => /^version: 1$/m.test(text));
    assert.ok(shown.length > 1);
    const example = readFileSync(path.join(root, 'templates/examples/environment-checks.yaml'), 'utf8');
    for (const text of [...shown.map((block) => block.text), example]) assert.equal(faultIn(parse(text)), undefined);
  });
});
