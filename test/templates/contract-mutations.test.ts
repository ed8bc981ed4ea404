import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parametersOf } from '../../scripts/generate/template-parameters.ts';
import { Refused } from '../agent/pipelines/yaml/refusal.ts';
import { Contract } from './contract.ts';
import { documentWith, root } from './delivery.ts';
import { fewest, sampleVariables, templates, wholeEnvironment, type Parameter } from './samples.ts';

const keyList = readFileSync(path.join(root, 'templates/internal/check-environment-keys.yml'), 'utf8');
const around = { steps: new Map<string, string[]>(), variables: sampleVariables };

/** Values of every kind. */
const anything: readonly unknown[] = [
  '',
  'x',
  7,
  true,
  null,
  {},
  { a: 1 },
  [],
  [''],
  ['x'],
  [['x']],
  [{ a: { b: 1 } }],
];

/** The first thing that the service says, without the place; undefined when it takes the parameters, and they fit the tasks. */
function refusal(template: string, parameters: object): string | undefined {
  try {
    assert.deepEqual(new Contract(documentWith(template, parameters), around).faults(), []);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.message.split('\n')[0]?.replace(/^\S+ \(Line: \d+, Col: \d+\): /, '');
  }
}

/** Values of the wrong type, with what the service says of them. */
function wrongValues({ name, type, values }: Parameter): (readonly [unknown, string])[] {
  if (values !== undefined) return [['other', `The '${name}' parameter value 'other' is not a valid value.`]];
  const said = (what: string): string => `The '${name}' parameter is not a valid ${what}.`;
  if (type === 'string') return [{ a: 1 }, ['x'], []].map((value) => [value, said('String')] as const);
  if (type === 'stepList') return ['x', { a: 1 }].map((value) => [value, said('StepList')] as const);
  if (type === 'boolean') return [['maybe', `The '${name}' parameter value 'maybe' is not a valid Boolean.`]];
  return [];
}

describe('wrong parameters of', () => {
  for (const template of templates) {
    const { name, parameters } = template;
    const given = fewest(template);

    it(`${name}: one that it does not have`, () => {
      assert.equal(refusal(name, { ...given, colour: 'red' }), "Unexpected parameter 'colour'");
    });

    for (const parameter of parameters.filter((other) => other.default === undefined)) {
      it(`${name}: no ${parameter.name}`, () => {
        const others = Object.entries(given).filter(([key]) => key !== parameter.name);
        const message = `A value for the '${parameter.name}' parameter must be provided.`;
        assert.equal(refusal(name, Object.fromEntries(others)), message);
      });
    }

    it(`${name}: texts, flags, choices and steps that are something else`, () => {
      const wrong = parameters.flatMap((parameter) =>
        wrongValues(parameter).map(([value, message]) => ({ key: parameter.name, value, message })),
      );
      assert.ok(wrong.length > 0);
      for (const { key, value, message } of wrong) assert.equal(refusal(name, { ...given, [key]: value }), message);
    });

    for (const { name: key } of parameters.filter(({ type }) => type === 'object')) {
      it(`${name}: any ${key} fit or are refused by their name`, () => {
        for (const value of anything) {
          const message = refusal(name, { ...given, [key]: value });
          if (message !== undefined) assert.ok(message.startsWith(`Unexpected value '${key}`), message);
        }
      });
    }
  }
});

/** How a refusal of a key begins. A step of a hook with unknown keys is the service's to refuse, by the key. */
function saidOf(key: string): RegExp {
  if (key === 'name') return /^Unexpected value 'environment(?:s: name|.*: name) /;
  if (key === 'clusters') return /^Unexpected value 'environment qa: .*\bclusters?\b/;
  if (key.endsWith('Deploy')) return new RegExp(`^Unexpected value '(?:environment qa: ${key} |a'$)`);
  return new RegExp(`^Unexpected value 'environment qa: ${key} `);
}

describe('environments with any value', () => {
  const [template] = templates.filter(({ name }) => name === 'stages/deploy-environments.yml');
  assert.ok(template);
  const refusalOf = (environment: object): string | undefined =>
    refusal(template.name, { ...fewest(template), environments: [environment] });
  const { clusters, ...single } = wholeEnvironment;

  it('have every key here', () => {
    const known = parametersOf(keyList, 'internal').find(({ name }) => name === 'keys')?.default;
    assert.ok(typeof known === 'string');
    const keys = known.split(';').filter((key) => key !== '' && key !== 'cluster');
    assert.deepEqual(Object.keys(wholeEnvironment), keys);
    assert.equal(refusalOf(wholeEnvironment), undefined);
  });

  for (const key of Object.keys(wholeEnvironment)) {
    it(`of ${key} fit or are refused by the environment and the key`, () => {
      const refusals = anything.map((value) => refusalOf({ ...wholeEnvironment, [key]: value }));
      const messages = refusals.filter((message) => message !== undefined);
      assert.ok(messages.length > 0);
      for (const message of messages) assert.match(message, saidOf(key));
    });

    it(`fit without ${key}, unless nothing can stand for it`, () => {
      const others = Object.entries(wholeEnvironment).filter(([name]) => name !== key);
      const message = refusalOf(Object.fromEntries(others));
      if (key === 'name')
        assert.match(message ?? '', /^Unexpected value 'environments: name is missing in \{ "environment"/);
      else assert.equal(message, undefined);
    });
  }

  for (const key of ['name', 'cluster', 'resourceGroup', 'azureSubscription', 'subscriptionId', 'wave']) {
    it(`of ${key} of a cluster fit or are refused by the environment`, () => {
      for (const value of anything) {
        const message = refusalOf({ ...single, clusters: [{ ...clusters[0], [key]: value }] });
        if (message !== undefined) assert.match(message, new RegExp(`^Unexpected value 'environment qa: .*${key}`));
      }
    });
  }
});
