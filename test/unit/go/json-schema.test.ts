import assert from 'node:assert/strict';
import { schemaCheck, type SchemaFault } from '../../../tasks/common/go/json-schema.ts';

const schema = {
  type: 'object',
  required: ['version'],
  additionalProperties: false,
  properties: {
    version: { const: 1 },
    name: { description: 'Lower-case letters.', type: 'string', pattern: '^[a-z]+$' },
    code: { type: 'string', pattern: '^[0-9]+$' },
    kind: { enum: ['git', 'github'] },
    minutes: { type: 'integer', minimum: 1, maximum: 60 },
    lock: { anyOf: [{ type: 'boolean' }, { type: 'array', maxItems: 0 }, { $ref: '#/$defs/lock' }] },
    people: {
      anyOf: [
        { const: false },
        { $ref: '#/$defs/people' },
        { type: 'object', properties: { who: { $ref: '#/$defs/people' } } },
      ],
    },
    texts: { type: 'object', additionalProperties: { type: 'string' } },
  },
  $defs: {
    lock: { type: 'object', additionalProperties: false, properties: { minutes: { type: 'integer' } } },
    people: { type: 'array', maxItems: 3, items: { type: 'string', minLength: 1 } },
  },
};

const faultIn = schemaCheck(schema);

/** The fault of a value with these members, as a sentence. */
function said(members: Readonly<Record<string, unknown>>): string {
  const fault = faultIn({ version: 1, ...members });
  return fault === undefined ? 'fits' : sentence(fault);
}

const sentence = ({ place, said: text }: SchemaFault): string => [place.join('.'), text].filter(Boolean).join(' ');

describe('a JSON schema', () => {
  it('has no fault to tell of a value that fits', () => {
    for (const people of [false, [], ['ada'], { who: ['ada', 'bob'] }])
      for (const lock of [true, false, [], {}, { minutes: 5 }])
        assert.equal(said({ people, lock, kind: 'git' }), 'fits');
  });

  for (const [members, expected] of [
    [{ version: 2 }, 'version must be 1; it is 2'],
    [{ version: '1' }, "version must be 1; it is '1'"],
    [{ name: 'Ada' }, "name has a form that is not allowed (Lower-case letters); it is 'Ada'"],
    [{ code: 'x' }, "code has a form that is not allowed; it is 'x'"],
    [{ name: 7 }, 'name is of type number instead of string; it is 7'],
    [{ name: null }, 'name is of type null instead of string'],
    [{ name: ['a'] }, 'name is of type array instead of string'],
    [{ kind: 'svn' }, "kind takes one of git, github; it is 'svn'"],
    [{ minutes: 0 }, 'minutes does not fit: 0 is less than 1'],
    [{ minutes: 61 }, 'minutes does not fit: 61 is greater than 60'],
    [{ minutes: 1.5 }, 'minutes is of type number instead of integer; it is 1.5'],
    [{ colour: 'red' }, 'colour is not known: there are version, name, code, kind, minutes, lock, people, texts'],
    [{ lock: 'yes' }, "lock takes true, or false, or a list, or a mapping; it is 'yes'"],
    [{ lock: [1] }, 'lock takes true, or false, or an empty list, or a mapping'],
    [{ lock: { minutes: 'x' } }, "lock.minutes is of type string instead of integer; it is 'x'"],
    [{ lock: { hours: 1 } }, 'lock.hours is not known: there are minutes'],
    [{ people: true }, 'people takes false, or a list, or a mapping; it is true'],
    [{ people: ['ada', 7] }, 'people.1 is of type number instead of string; it is 7'],
    [{ people: ['ada', ''] }, 'people.1 does not fit: String is too short (0 < 1)'],
    [{ people: ['a', 'b', 'c', 'd'] }, 'people does not fit: Array has too many items (4 > 3)'],
    [{ people: { who: [null] } }, 'people.who.0 is of type null instead of string'],
    [{ texts: { 'a/b~c%41 d': 1 } }, 'texts.a/b~c%41 d is of type number instead of string; it is 1'],
    [{ texts: JSON.parse('{"__proto__":1}') }, 'texts.__proto__ is of type number instead of string; it is 1'],
  ] as const)
    it(`says of ${JSON.stringify(members)} where it does not fit, and why`, () =>
      assert.equal(said(members), expected));

  it('says of a value that is no mapping what it is', () => {
    const faults = [null, 'x', 7, []].map((value) => sentence(faultIn(value) ?? assert.fail()));
    assert.deepEqual(faults, [
      'is of type null instead of object',
      "is of type string instead of object; it is 'x'",
      'is of type number instead of object; it is 7',
      'is of type array instead of object',
    ]);
  });

  it('says what is missing', () => assert.equal(sentence(faultIn({}) ?? assert.fail()), "lacks 'version'"));

  it('shows nothing invisible and nothing endless of a name or a value', () => {
    assert.equal(said({ 'x\u{202e}\n': 1 }).slice(0, 20), String.raw`x\u{202e}\u{a} is no`);
    assert.ok(said({ ['x'.repeat(100_000)]: 1 }).length < 300);
    assert.ok(said({ code: 'x'.repeat(100_000) }).length < 300);
  });

  it('has a word for half a character in a name, which the validator cannot write', () => {
    for (const members of [{ 'x\u{d800}': 1 }, { texts: { '\u{dc00}': 1 } }])
      assert.equal(said(members), 'has a name with half a character (a lone surrogate)');
  });

  it('has a word for a value with more faults than a function takes arguments', () => {
    const people = Array.from({ length: 150_000 }, () => true);
    assert.equal(said({ people }), 'people.0 is of type boolean instead of string; it is true');
  });
});
