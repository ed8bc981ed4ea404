import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { givesAway, readingsOf } from '../../../tasks/common/text/secret-forms.ts';

const key = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj',
  'AgEAAoIBAQC7VJTUt9Us8cKj',
  '-----END PRIVATE KEY-----',
].join('\n');

const holds = (text: string, secret: string): boolean => givesAway(readingsOf(text), secret);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Ways to write a secret that programs have. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with white space around it': (text) => ` ${text}\t`,
  'in the middle of something': (text) => `Server=db;Password=${text};`,
  'as JSON': escaped,
  'as JSON in ASCII': (text) =>
    text.replace(/[^\w]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in base64': base64,
  'in base64 of user:password': (text) => base64(`contoso:${text}`),
  'in base64 of something longer, after letters': (text) => `xy${base64(`{"a":"${text}"}`)}`,
  'in base64 for addresses': (text) => Buffer.from(`u:${text}`).toString('base64url'),
  'in base64 of base64': (text) => base64(`{"auth":"${base64(`contoso:${text}`)}"}`),
  'in base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'in percent codes': encodeURIComponent,
  'in percent codes of lower case': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'in percent codes for every byte': (text) => hex(text).replace(/../g, '%$&'),
  'in hexadecimal': hex,
  'in hexadecimal of upper case': (text) => hex(text).toUpperCase(),
  'in hexadecimal of either case, after a digit': (text) =>
    `a${hex(text).replace(/[a-f]/g, (digit, at: number) => (at % 2 ? digit : digit.toUpperCase()))}`,
  'in hexadecimal with colons': (text) => hex(text).replace(/..(?=.)/g, '$&:'),
  'in hexadecimal with dashes, as .NET shows bytes': (text) => hex(text).replace(/..(?=.)/g, '$&-'),
  'in hexadecimal with commas': (text) => hex(text).replace(/..(?=.)/g, '0x$&,'),
  'in the form of mails': (text) => hex(text).toUpperCase().replace(/../g, '=$&'),
};

describe('a secret in a text', () => {
  for (const [how, encode] of Object.entries(encodings)) {
    it(`is found ${how}`, () => {
      for (const secret of ['hunter', 'pa55-Wörd/+=?"with\\odd marks', 'eyJ0eXAi.eyJhdWQi.c2ln']) {
        // UTF-16 without its zeros is what it was only in ASCII.
        if (how.includes('UTF-16') && secret.includes('ö')) continue;
        assert.ok(holds(encode(secret), secret), encode(secret));
      }
    });
  }

  it('is found in every way, whatever it is', () => {
    const secrets = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme-composite' });
    const telling = secrets.filter((text) => text.trim().length >= 6 && !/\\/.test(text));
    fc.assert(
      fc.property(telling, fc.constantFrom(...Object.entries(encodings)), ([...secret], [how, encode]) => {
        const text = secret.join('');
        fc.pre(!/UTF-16|JSON in ASCII/.test(how) || /^[\x20-\x7e]+$/.test(text));
        assert.ok(holds(encode(text), text), how);
      }),
    );
  });

  it('is found by a single line of it', () => {
    for (const line of key.split('\n').slice(1, -1)) {
      assert.ok(holds(`x=${line}`, key));
      assert.ok(holds(line, key.replaceAll('\n', '\r\n')));
      assert.ok(holds(base64(line), key));
      assert.ok(holds(line, JSON.stringify({ key })), 'of a secret that is JSON');
    }
    assert.equal(holds('-----BEGIN PRIVATE KEY-----', key), false);
  });

  it('is found without the quotes and the white space that it has', () => {
    for (const secret of ['"hunter22"', "'hunter22'", ' hunter22 ', '  "hunter22"\n', 'a-first-line\n"hunter22",']) {
      assert.ok(holds('pw=hunter22', secret), secret);
    }
  });

  it('that is short is found as the whole alone', () => {
    assert.equal(holds('2010', '1'), false);
    assert.equal(holds('main-1.2.3', 'main'), false);
    assert.ok(holds('main', 'main'));
    assert.ok(holds('"main"', 'main'));
  });

  it('is not found where there is none', () => {
    const harmless = [
      'contoso.azurecr.io/team/worker',
      '1.2.3+build.7',
      '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2',
      '',
    ];
    for (const text of harmless)
      for (const secret of [key, 'hunter', '1', 'main']) assert.equal(holds(text, secret), false);
  });
});
