import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { refuseSecrets as refuse, type Handoff } from '../../../tasks/common/handoff/index.ts';
import { handoffs } from './arbitraries.ts';

const refuseSecrets = (handoff: Handoff, given: Parameters<typeof refuse>[1]): void =>
  refuse(handoff, given, 'build-artifact');
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

  it('are found by a line, without quotes, and in the encodings of other programs', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAgEAAoIBAQC7VJTUt9Us8cKj\n-----END KEY-----\n';
    const word = 'pa55-Wörd/+=?with odd marks';
    const given: readonly (readonly [string, string])[] = [
      ['AgEAAoIBAQC7VJTUt9Us8cKj', key],
      [`x${Buffer.from('MIIEvQIBADANBgkqhkiG9w0B').toString('base64')}`, key],
      ['hunter22', '"hunter22"'],
      [JSON.stringify(`"${word}"`), `"${word}"`],
      [Buffer.from(`contoso:${word}`).toString('base64'), word],
      [encodeURIComponent(word).replace(/%../g, (code) => code.toLowerCase()), word],
      [Buffer.from(word).toString('hex').toUpperCase(), word],
    ];
    const [handoff] = fc.sample(handoffs, 1);
    assert.ok(handoff);
    for (const [value, whole] of given) {
      assert.throws(() => refuseSecrets(withVariable(handoff, value), secret(whole)), /variable connection/, value);
    }
  });

  it('are found inside of versions and tags', () => {
    const [handoff] = fc.sample(handoffs, 1);
    assert.ok(handoff);
    const base64 = Buffer.from('contoso:hunter2222').toString('base64url');
    for (const imgVersion of ['v1-hunter2222', base64]) {
      assert.throws(() => refuseSecrets({ ...handoff, imgVersion }, secret('hunter2222')), /imgVersion holds/);
    }
  });

  it('that are common words do not block what holds the word', () => {
    const [sample] = fc.sample(handoffs, 1);
    assert.ok(sample);
    const digest = `sha256:${'0'.repeat(64)}`;
    const images = [{ name: 'web', repository: 'contoso.azurecr.io/web', tag: 'main-7', digest }];
    const chart = { ...sample.chart, version: '1.2.3', appVersion: 'main-7' };
    const handoff = { ...sample, chart, images, imgVersion: 'main-7', variables: { replicas: '12' } };
    for (const word of ['contoso', 'web', 'main', '1', 'oci', 'true']) refuseSecrets(handoff, secret(word));
  });

  it('that are short count only as a whole, so that 1 is no secret part of 2010', () => {
    const [handoff] = fc.sample(handoffs, 1);
    assert.ok(handoff);
    assert.doesNotThrow(() => refuseSecrets(withVariable(handoff, '2010'), secret('1~')));
    assert.throws(() => refuseSecrets(withVariable(handoff, '1~'), secret('1~')), /variable connection/);
  });
});
