import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { type DiagnosisReport, reportJson, unseen } from '../../../tasks/common/diagnosis/report.ts';
import { learnSecret } from '../../../tasks/common/text/shown.ts';
import { evidence, finding, hostile, log, object, report, shop, status } from './reports.ts';

const schemaFile = path.resolve(import.meta.dirname, '../../../docs/diagnosis.schema.json');
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12');
/** The schema without members that it does not name: readers may meet them, we write none. */
const exact = new Validator(closed(schema) as Schema, '2020-12');

function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([name, value]) => [name, closed(value)] as const);
  const isOpen = 'properties' in part && !('additionalProperties' in part);
  return Object.fromEntries([...entries, ...(isOpen ? [['additionalProperties', false] as const] : [])]);
}

/** The JSON of a report, read again; it fits its schema. */
function written(of: DiagnosisReport): Record<string, unknown> {
  const json = reportJson(of);
  const value = JSON.parse(json) as Record<string, unknown>;
  assert.deepEqual(exact.validate(value).errors, [], json.slice(0, 2000));
  return value;
}

const many = <Item>(item: Item, count: number): Item[] => Array.from({ length: count }, () => item);

const imageMissing = finding('image-not-found', 'image', { what: 'No such tag.', fix: 'Push the image.', count: 2 });

describe('The report of a diagnosis', () => {
  it('has what was seen, in a form that the schema in the docs describes', () => {
    const facts = {
      statuses: [
        status(shop, '2 pods cannot pull their image', { ready: 0, wanted: 2 }),
        status(object('Job', 'm'), '', { optional: true }),
      ],
      logs: [log(['one', 'two'])],
      blind: ['Events may not be listed.'],
    };
    const value = written(report({ findings: [imageMissing] }, facts));
    assert.equal(value['schemaVersion'], 1);
    assert.deepEqual([value['release'], value['namespace'], value['revision']], ['shop', 'shop-qa', 4]);
    assert.deepEqual(value['statuses'], [
      { object: shop, health: { state: 'progressing', ready: 0, wanted: 2, why: '2 pods cannot pull their image' } },
      { object: object('Job', 'm'), health: { state: 'ready', why: '', optional: true } },
    ]);
    const [found] = value['findings'] as Record<string, unknown>[];
    assert.deepEqual([found?.['cause'], found?.['owner'], found?.['count']], ['image-not-found', shop, 2]);
    assert.deepEqual(value['logs'], [{ pod: log([]).pod, container: 'web', previous: true, lines: ['one', 'two'] }]);
    assert.deepEqual(value['blind'], facts.blind);
    assert.equal('omitted' in value, false);
  });

  it('is there also where nobody looked on and helm made no revision', () => {
    const value = written(report({}, { ...unseen, revision: undefined }));
    assert.equal('revision' in value, false);
    assert.deepEqual(value['blind'], ['The roll-out was not watched.']);
  });

  it('is as its page in the docs shows and lists it', () => {
    const docs = readFileSync(path.join(path.dirname(schemaFile), 'diagnosis.md'), 'utf8');
    const [, example = ''] = /^```json\n([^]*?)^```$/m.exec(docs) ?? [];
    assert.deepEqual(exact.validate(JSON.parse(example)).errors, []);
    const rows = [...docs.matchAll(/^\| (`\w+`(?:, `\w+`)*) +\|/gm)].flatMap(
      ([, names = '']) => names.match(/\w+/g) ?? [],
    );
    assert.deepEqual(rows.toSorted(), Object.keys(schema.properties ?? {}).toSorted());
  });

  it('is understood by readers of the same schema when it has grown', () => {
    const value = { ...written(report({ findings: [imageMissing] })), added: { later: true } };
    assert.equal(validator.validate(value).valid, true);
    assert.equal(exact.validate(value).valid, false);
  });

  it('is refused by the schema when something is missing or of another form', () => {
    const value = written(report({ findings: [imageMissing] }));
    for (const name of Object.keys(value).filter((key) => key !== 'revision')) {
      const { [name]: _gone, ...others } = value;
      assert.equal(validator.validate(others).valid, false, name);
    }
    assert.equal(validator.validate({ ...value, startedAt: '27.11.2026' }).valid, false);
    assert.equal(validator.validate({ ...value, findings: [{ ...imageMissing, evidence: [] }] }).valid, false);
  });

  it('says of every text what it is, and nothing that the agent or a terminal would act on', () => {
    const nasty = object(hostile, hostile, hostile);
    const bad = finding('image-not-found', 'image', { what: hostile, fix: hostile, command: hostile, owner: nasty });
    const said = [evidence(nasty, hostile, hostile, 3)] as const;
    const json = reportJson(
      report(
        { findings: [{ ...bad, evidence: said }], unexplained: [{ owner: nasty, evidence: said }] },
        {
          message: hostile,
          release: { name: hostile, namespace: hostile },
          statuses: [status(nasty, hostile)],
          timeline: [{ at: new Date(), line: hostile }],
          logs: [{ ...log([hostile]), container: hostile }],
          blind: [hostile],
        },
      ),
    );
    assert.deepEqual(exact.validate(JSON.parse(json)).errors, []);
    assert.doesNotMatch(json, /##vso\[|##\[|\\u001b|\\ud83d|\\u202e|\u202e|\u2028/i);
    assert.ok(json.includes('<script>alert(1)</script>'));
  });

  it('is bounded, however much the cluster says', () => {
    const huge = `"${'ü\n'.repeat(5_000_000)}`;
    const long = '深'.repeat(5000);
    const nasty = object(long, long, long);
    const all = [evidence(nasty, long, long, 1), ...many(evidence(nasty, long, long, 1), 50)] as const;
    const bad = { ...finding('x', 'image', { what: long, fix: long, command: long, owner: nasty }), evidence: all };
    const json = reportJson(
      report(
        {
          findings: [{ ...bad, what: huge }, ...many(bad, 99)],
          unexplained: many({ owner: nasty, evidence: all }, 100),
        },
        {
          message: huge,
          statuses: many(status(nasty, long), 1000),
          timeline: many({ at: new Date(), line: long }, 5000),
          logs: [{ ...log(many(long, 10_000)), pod: nasty }, ...many(log(many(long, 500)), 50)],
          blind: many(long, 100),
        },
      ),
    );
    const value = JSON.parse(json) as { omitted: unknown };
    assert.deepEqual(exact.validate(value).errors, []);
    assert.ok(Buffer.byteLength(json) < 4_000_000, `${Buffer.byteLength(json)} bytes`);
    assert.deepEqual(value.omitted, {
      statuses: 800,
      findings: 80,
      unexplained: 90,
      timeline: 4800,
      logs: 41,
      blind: 80,
    });
  });

  it('keeps the newest lines of a log and of the timeline', () => {
    const numbered = Array.from({ length: 500 }, (_each, index) => `line ${index}`);
    const timeline = numbered.map((line) => ({ at: new Date(), line }));
    const value = written(report({}, { timeline, logs: [log([...numbered.slice(0, -1), 'line 498\nline 499'])] }));
    const [{ lines } = { lines: [] }] = value['logs'] as { lines: string[] }[];
    assert.deepEqual([lines.length, lines.at(-1)], [60, 'line 499']);
    const told = value['timeline'] as { text: string }[];
    assert.deepEqual([told.length, told.at(-1)?.text], [200, 'line 499']);
  });

  it('has no secret, not even a part of one that stands where a text is cut', () => {
    const secret = 'Hx7-password  of the report';
    learnSecret(secret);
    for (const length of [0, 230, 245, 390, 399, 985, 999, 1990]) {
      const text = `${'x'.repeat(length)}${secret}`;
      const named = object('Pod', text);
      const bad = {
        ...finding('x', 'image', { what: text, fix: text }),
        evidence: [evidence(named, text, text)] as const,
      };
      const json = reportJson(
        report(
          { findings: [bad], unexplained: [{ owner: named, evidence: [evidence(named, text, text)] }] },
          {
            message: text,
            statuses: [status(named, text)],
            logs: [log([text])],
            blind: [text],
            timeline: [{ at: new Date(), line: text }],
          },
        ),
      );
      assert.doesNotMatch(json, /Hx7|Hx|of the report/, `after ${length} characters`);
    }
  });
});
