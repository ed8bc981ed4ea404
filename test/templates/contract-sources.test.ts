import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isMap, isScalar, isSeq, parseDocument, visit, type Document, type Node, type YAMLMap } from 'yaml';
import { root } from './delivery.ts';
import { inputFaults } from './known-tasks.ts';

const folder = path.join(root, 'templates');

/** A template or example as it is written, with every branch that expansions leave out. */
interface Source {
  readonly document: Document;
  /** Its text without comments. */
  readonly text: string;
  readonly declared: readonly string[];
  readonly needed: readonly string[];
}

function readSource(file: string): Source {
  const text = readFileSync(file, 'utf8').replaceAll(/^ *#.*$/gm, '');
  // Two branches of one mapping may both be called `${{ else }}`.
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false });
  const list = document.get('parameters');
  const parameters = isSeq(list) ? list.items.filter((item) => isMap(item)) : [];
  return {
    document,
    text,
    declared: parameters.map((parameter) => String(parameter.get('name'))),
    needed: parameters
      .filter((parameter) => !parameter.has('default'))
      .map((parameter) => String(parameter.get('name'))),
  };
}

const sources = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => [name.split(path.sep).join('/'), readSource(path.join(folder, name))]),
);

/** The keys of a mapping, those within its branches, too. */
function keysOf(map: unknown): string[] {
  if (!isMap<Node, Node>(map)) return [];
  return map.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    return name.startsWith('${{') ? keysOf(value) : [name];
  });
}

/** Every mapping with this key whose value is a text. */
function mappingsWith({ document }: Source, key: string): { readonly map: YAMLMap; readonly value: string }[] {
  const found: { map: YAMLMap; value: string }[] = [];
  visit(document, {
    Map: (_, map) => {
      const value = map.get(key);
      if (typeof value === 'string') found.push({ map, value });
    },
  });
  return found;
}

/** The template that a reference in a file means, as a name in `templates`. */
function included(from: string, reference: string): string {
  const [file = '', alias] = reference.split('@');
  return alias === 'delivery' ? file.replace(/^templates\//, '') : path.posix.join(path.posix.dirname(from), file);
}

describe('the source of', () => {
  for (const [name, source] of sources) {
    it(`${name} declares the parameters that it uses, and uses those that it declares`, () => {
      const used = new Set([...source.text.matchAll(/\bparameters\.(\w+)/g)].map(([, parameter]) => parameter));
      assert.deepEqual(new Set(source.declared), used);
    });

    it(`${name} gives every template what it needs, and nothing that it does not have`, () => {
      for (const { map, value } of mappingsWith(source, 'template')) {
        const template = sources.get(included(name, value));
        assert.ok(template, `there is no ${value}`);
        const given = keysOf(map.get('parameters'));
        const unknown = given.filter((key) => !template.declared.includes(key));
        const missing = template.needed.filter((key) => !given.includes(key));
        assert.deepEqual({ unknown, missing }, { unknown: [], missing: [] }, value);
      }
    });

    it(`${name} names only tasks and inputs that there are, in every branch`, () => {
      for (const { map, value } of mappingsWith(source, 'task')) {
        const inputs = Object.fromEntries(keysOf(map.get('inputs')).map((key) => [key, '']));
        assert.deepEqual(inputFaults(value, inputs), []);
      }
    });
  }

  it('all of them has tasks, templates and parameters', () => {
    const all = [...sources.values()];
    assert.ok(all.some((source) => mappingsWith(source, 'task').some(({ value }) => value === 'HelmReleaseDeploy@1')));
    assert.ok(all.filter((source) => mappingsWith(source, 'template').length > 0).length > 10);
  });
});
