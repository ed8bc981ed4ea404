import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { refuseSecrets, type Handoff } from '../../../tasks/common/handoff/index.ts';
import { handoffs } from './arbitraries.ts';

const secret = (value: string) => [{ name: 'the secret variable token', value }];
const secrets = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim().length >= 8);
const forms: ((text: string) => string)[] = [
  (text) => text,
  (text) => ` ${text} `,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => encodeURIComponent(text),
  (text) => `Server=db;Password=${text};`,
];

const withVariable = (handoff: Handoff, value: string): Handoff => ({ ...handoff, variables: { connection: value } });

describe('secrets in a handoff', () => {
  it('are found in free variables in every usual form, and never named by their value', () => {
    fc.assert(
      fc.property(handoffs, secrets, fc.constantFrom(...forms), (handoff, value, form) => {
        assert.throws(
          () => refuseSecrets(withVariable(handoff, form(value)), secret(value)),
          (error: Error) => {
            assert.match(error.message, /variable connection holds the secret variable token: everybody/);
            return !error.message.includes(value);
          },
        );
      }),
    );
  });

  it('are found as versions, names and tags when they are the whole of it', () => {
    fc.assert(
      fc.property(handoffs, (handoff) => {
        assert.throws(() => refuseSecrets(handoff, secret(handoff.chart.version)), /(version|imgVersion|tag|variable)/);
        for (const { name, tag } of handoff.images)
          assert.throws(() => refuseSecrets(handoff, secret(tag)), Error, name);
      }),
    );
  });

  it('that are short count only as a whole, so that 1 is no secret part of 2010', () => {
    const [handoff] = fc.sample(handoffs, 1);
    assert.ok(handoff);
    assert.doesNotThrow(() => refuseSecrets(withVariable(handoff, '2010'), secret('1~')));
    assert.throws(() => refuseSecrets(withVariable(handoff, '1~'), secret('1~')), /variable connection/);
  });
});
