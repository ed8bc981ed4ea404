import assert from 'node:assert/strict';
import { readHelmMetadata } from '../../../tasks/common/chart/metadata/metadata.ts';
import { refusalOf } from './refusal.ts';

const base = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const least = { apiVersion: 'v2', name: 'shop', version: '1.0.0' };
const read = (more: string, requirements?: string) => readHelmMetadata(base + more, requirements);

describe('the metadata that Helm reads from a chart', () => {
  it('leaves out what is empty, null or unknown', () => {
    const empty = 'home: ""\nicon: ~\ndescription:\nkeywords: []\nannotations: {}\ndeprecated: false\nengine: gotpl\n';
    assert.deepEqual(read(empty), least);
  });

  it('takes numbers and booleans as text, as YAML 1.1 reads them', () => {
    assert.deepEqual(read('appVersion: 1.10\ndescription: yes\nkeywords: [012, 1_000, 2026-11-22]\n'), {
      ...least,
      appVersion: '1.1',
      description: 'true',
      keywords: ['10', '1000', '2026-11-22'],
    });
  });

  it('takes field names in any case; of two the one in lower case wins', () => {
    assert.deepEqual(read('AppVersion: 2.0.0\nDescription: one\ndescription: two\n'), {
      ...least,
      appVersion: '2.0.0',
      description: 'two',
    });
  });

  it('takes field names with the long s and the Kelvin sign, as Go does, and so the last of them', () => {
    const longS = 'dependencies: [{name: a, repository: x}]\ndependencie\u017f: [{name: a, repo\u017fitory: z}]\n';
    assert.deepEqual(read(longS).dependencies, [{ name: 'a', repository: 'z' }]);
    assert.deepEqual(read('\u212aeywords: [a]\n').keywords, ['a']);
  });

  it('cleans texts as Helm does, but not annotations and aliases', () => {
    const text = String.raw`"a\tb\u00a0c\u200bd\u0007\ne"`;
    const chart = read(
      `description: ${text}\nannotations: {x: ${text}}\ndependencies: [{name: ${text}, alias: ${text}}]\n`,
    );
    assert.equal(chart.description, 'a b cd e');
    assert.deepEqual(chart.annotations, { x: 'a\tb\u00a0c\u200bd\u0007\ne' });
    assert.deepEqual(chart.dependencies, [{ name: 'a b cd e', alias: 'a\tb\u00a0c\u200bd\u0007\ne' }]);
  });

  it('counts a chart without apiVersion as v1', () => {
    assert.equal(readHelmMetadata('name: shop\nversion: 1.0.0\n').apiVersion, 'v1');
  });

  it('lays requirements.yaml over Chart.yaml, item by item', () => {
    const chart = 'keywords: [a, b, c]\ndependencies: [{name: one, repository: r1, alias: uno}, {name: two}]\n';
    const requirements = 'keywords: [~, z]\ndependencies: [{name: other, version: 1}]\n';
    assert.deepEqual(read(chart, requirements), {
      ...least,
      keywords: ['a', 'z'],
      dependencies: [{ name: 'other', version: '1', repository: 'r1', alias: 'uno' }],
    });
    assert.deepEqual(read(chart, 'dependencies: []\n'), { ...least, keywords: ['a', 'b', 'c'] });
  });

  it('keeps an annotation whatever its name', () => {
    assert.deepEqual(Object.entries(read('annotations: {__proto__: x, constructor: z}\n').annotations ?? {}), [
      ['__proto__', 'x'],
      ['constructor', 'z'],
    ]);
  });

  for (const [what, text, reason] of [
    ['no name', 'apiVersion: v2\nversion: 1.0.0\n', /no "name"/],
    ['a name that nobody can see', 'name: "\\u200b"\nversion: 1.0.0\n', /no "name"/],
    ['no version', 'apiVersion: v2\nname: shop\n', /no "version"/],
    ['another apiVersion', 'apiVersion: v3\nname: shop\nversion: 1.0.0\n', /"apiVersion" is "v3"/],
    ['another type', `${base}type: plugin\n`, /"type" is "plugin"/],
    ['a list for text', `${base}description: [a]\n`, /^Chart\.yaml: description must be text, but it is a list\.$/],
    ['text for a list', `${base}keywords: shop\n`, /keywords must be a list, but it is "shop"/],
    ['a mapping among texts', `${base}sources: [a, {b: c}]\n`, /sources\[1\] must be text, but it is a mapping/],
    ['text for a boolean', `${base}deprecated: "true"\n`, /deprecated must be true or false, but it is "true"/],
    ['a number for a mapping', `${base}annotations: 7\n`, /annotations must be a mapping, but it is "7"/],
    ['a list as annotation', `${base}annotations: {a: []}\n`, /annotations\.a must be text, but it is a list/],
    ['an empty maintainer', `${base}maintainers: [{name: a}, ~]\n`, /maintainers\[1\] is empty/],
    ['an empty dependency', `${base}dependencies: [~]\n`, /dependencies\[0\] is empty/],
    ['a wrong dependency', `${base}dependencies: [{name: a, tags: b}]\n`, /dependencies\[0\]\.tags must be a list/],
    ['a list instead of fields', '[a]', /^Chart\.yaml must be a mapping, but it is a list\.$/],
    ['nothing', '', /no "name"/],
  ] as const) {
    it(`is refused with ${what}`, async () => assert.match(await refusalOf(() => readHelmMetadata(text)), reason));
  }

  it('names requirements.yaml when that is at fault', async () => {
    assert.match(
      await refusalOf(() => read('', 'dependencies: x\n')),
      /^requirements\.yaml: dependencies must be a list/,
    );
  });
});
