import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  checkedHandoff,
  checkSeal,
  handoffSummary,
  outputsOf,
  readHandoff,
  sealed,
  type Handoff,
} from '../../../tasks/common/handoff/index.ts';
import { namedLines } from '../../../tasks/HandoffPublish/named-lines.ts';
import { handoffs, texts, variableNames } from './arbitraries.ts';

const key = 'a-key-that-both-pipelines-have';

/** What HandoffPublish writes, as HandoffImport reads it. */
function carried(handoff: Handoff): Handoff {
  const read = readHandoff(Buffer.from(`${JSON.stringify(handoff, null, 2)}\n`));
  if (read.form !== 'version 1') throw new Error('It was taken for the file of two fields.');
  return read.handoff;
}

/** Every text and number in a value, each with a way to change it. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

function withChanged(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = withChanged(copy[name], rest);
  return copy;
}

describe('a handoff that is published and imported', () => {
  it('is what went in', () => {
    fc.assert(fc.property(handoffs, (handoff) => assert.deepEqual(carried(checkedHandoff(handoff)), handoff)));
  });

  it('sets every value of it as it was', () => {
    fc.assert(
      fc.property(handoffs, (handoff) => {
        const outputs = new Map<string, string>(outputsOf(carried(handoff)));
        for (const [name, value] of Object.entries(handoff.variables)) assert.equal(outputs.get(`var_${name}`), value);
        for (const { name, repository, tag, digest } of handoff.images) {
          assert.equal(outputs.get(`image_${name}_tag`), tag);
          assert.equal(outputs.get(`image_${name}_digestRef`), `${repository}@${digest}`);
        }
        assert.equal(outputs.get('chartVersion'), handoff.chart.version);
        assert.equal(outputs.get('appVersion'), handoff.chart.appVersion ?? '');
        assert.match(
          outputs.get('chartDigestRef') ?? '',
          new RegExp(`/${handoff.chart.name}@${handoff.chart.digest}$`),
        );
      }),
    );
  });

  it('has a seal that fits, however its keys are ordered', () => {
    fc.assert(
      fc.property(handoffs, (handoff) => {
        const reversed = Object.fromEntries(Object.entries(sealed(handoff, key)).toReversed());
        checkSeal(checkedHandoff(reversed), key);
      }),
    );
  });

  it('has a seal that no change of any value survives', () => {
    fc.assert(
      fc.property(handoffs, fc.nat(), (handoff, number) => {
        const places = leaves(handoff);
        const changed = withChanged(sealed(handoff, key), places[number % places.length] ?? []) as Handoff;
        assert.throws(() => checkSeal(changed, key), /seal of variables\.json does not fit/);
      }),
    );
  });

  it('has a seal that no other key gives', () => {
    fc.assert(
      fc.property(handoffs, fc.string({ minLength: 16 }), (handoff, other) => {
        fc.pre(other !== key);
        assert.throws(() => checkSeal(sealed(handoff, other), key), /different sealKeys/);
      }),
    );
  });

  it('is shown as a table of four rows at least, whatever its texts are', () => {
    fc.assert(
      fc.property(handoffs, (handoff) => {
        const rows = handoffSummary(handoff).trimEnd().split('\n');
        assert.equal(
          rows.length,
          5 +
            (handoff.chart.appVersion === undefined ? 0 : 1) +
            handoff.images.length +
            Object.keys(handoff.variables).length,
        );
        for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 5, row);
      }),
    );
  });
});

describe('lines of an input', () => {
  it('give back their names and values', () => {
    const values = texts
      .map((text) => text.replace(/[\r\n]/g, ' ').trim())
      .filter((text) => !/^\$\([^()]+\)$/.test(text));
    const pairs = fc.uniqueArray(fc.tuple(variableNames, values), { selector: ([name]) => name.toLowerCase() });
    fc.assert(
      fc.property(pairs, fc.constantFrom('\n', '\r\n', '\n\n  '), (given, end) => {
        const text = given.map(([name, value]) => `${name}=${value}`).join(end);
        assert.deepEqual(namedLines(text, 'variables'), given);
      }),
    );
  });
});
