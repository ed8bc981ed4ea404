import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { goJson } from '../../../tasks/common/go/json.ts';
import { learnSecret, masked } from '../../../tasks/common/text/shown.ts';
import { firstLine, linesOf } from '../../../tasks/common/text/lines.ts';
import { markdownTable } from '../../../tasks/common/text/markdown.ts';
import { printable, shortened, shown, visible } from '../../../tasks/common/text/shown.ts';

const secret = 'k3-Wörd/+=?"<of> & the masker';
const key = '-----BEGIN PRIVATE KEY-----\nQmFzZTY0T2ZBS2V5VGhhdElzTm9uZQ==\nc2hvcnQ=\n-----END PRIVATE KEY-----\n';
const lineOfKey = 'QmFzZTY0T2ZBS2V5VGhhdElzTm9uZQ==';

describe('a text that is cut far before its end', () => {
  it('is looked at no further, and no secret at that place is halved', () => {
    const long = 'l0ng-'.repeat(20);
    learnSecret(long);
    const most = 64 * 1024;
    for (let before = most - long.length - 1; before <= most + 1; before += 1) {
      // What is masked makes room for what stands at the end of what is looked at.
      const text = long.repeat(Math.floor(before / long.length)) + 'x'.repeat(before % long.length) + long;
      const told = shortened(text + 'y'.repeat(1_000_000), 30_000);
      assert.ok(!told.includes('l0ng-'), String(before));
      assert.ok(told.endsWith('…'));
    }
    assert.equal(shortened('z'.repeat(most + 1), most + 1).length, most + 1);
  });
});

describe('a known secret', () => {
  before(() => [secret, key, `"quoted-${secret}"`].forEach(learnSecret));

  const forms: Readonly<Record<string, string>> = {
    whole: secret,
    JSON: JSON.stringify(secret).slice(1, -1),
    'JSON of Go': goJson(secret).slice(1, -1),
    'JSON in ASCII': JSON.stringify(secret)
      .slice(1, -1)
      .replace('ö', String.raw`\u00f6`),
    XML: secret.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;'),
    HTML: secret.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('"', '&quot;'),
    percent: encodeURIComponent(secret),
    'percent, lower case': encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    base64: Buffer.from(secret).toString('base64'),
    'base64 for addresses': Buffer.from(secret).toString('base64url'),
    hex: Buffer.from(secret).toString('hex'),
    'hex, upper case': Buffer.from(secret).toString('hex').toUpperCase(),
    'a line': lineOfKey,
    'the last line': 'c2hvcnQ=',
    'a key in JSON': JSON.stringify(key).slice(1, -1),
    unquoted: `quoted-${secret}`,
  };
  for (const [how, form] of Object.entries(forms)) {
    it(`is masked: ${how}`, () => {
      const text = printable(`before ${form} after`);
      assert.match(text, /^before \*\*\*.* after$/);
      assert.ok(!text.includes(form.slice(4, 12)), text);
    });
  }

  it('is masked in the base64 of user and password, at each alignment', () => {
    for (const user of ['a', 'ab', 'abc']) {
      const pair = Buffer.from(`${user}:${secret}:end`).toString('base64');
      assert.match(masked(pair), /^.{2,6}\*\*\*.{6,10}$/);
    }
  });

  it('is masked before a text is cut, so that no piece of it stays', () => {
    for (let before = 60; before < 84; before += 1) {
      const text = `${'x'.repeat(before)}${secret} and more`;
      for (const cut of [
        visible(text),
        shown(text),
        shortened(text, 80),
        firstLine(text, 80),
        markdownTable([text], []),
      ]) {
        assert.ok(!cut.includes('k3') && !cut.includes('W'), cut);
      }
    }
    assert.equal(firstLine(`key: ${key}`), 'key: ***');
  });

  it('is masked although invisible characters stand in it', () => {
    assert.equal(printable(`a ${secret.slice(0, 5)}\u200b${secret.slice(5)} b`), 'a *** b');
  });

  it('is masked once where its forms overlap', () => {
    assert.equal(masked(`"quoted-${secret}" ${secret}${secret}`), '*** ******');
  });

  it('is not cut where a line without an end comes in pieces', async () => {
    const chunk = 65_536;
    for (const before of [chunk - 10, chunk - 1, chunk, chunk + 5, 2 * chunk - 8]) {
      const text = 'x'.repeat(before) + secret + 'y'.repeat(chunk);
      const pieces: string[] = [];
      for await (const piece of linesOf(Readable.from([Buffer.from(text)]))) pieces.push(piece);
      assert.equal(pieces.join(''), text);
      assert.equal(pieces.filter((piece) => piece.includes(secret)).length, 1);
    }
  });

  it('leaves other texts as they are', () => {
    assert.equal(
      printable('Pushed oci://contoso.azurecr.io/helm/app:1.2.3'),
      'Pushed oci://contoso.azurecr.io/helm/app:1.2.3',
    );
  });
});
