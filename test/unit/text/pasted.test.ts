import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import schema from '../../../docs/handoff.schema.json' with { type: 'json' };
import { pathFault, plainWord, versionFault, wordFault } from '../../../tasks/common/text/pasted.ts';

const shells = process.platform === 'win32' ? [] : ['sh', 'bash'];

const allowed = [
  '',
  '1.2.3-rc.1+build.5',
  'v1',
  '_tag',
  'oci://contoso.azurecr.io/helm/app@sha256:0123',
  'oci://a/b:1,oci://a/c:2',
  'https://contoso-dns-1a2b3c4d.hcp.eastus.azmk8s.io:443',
  'RELEASE.2026-01-05T00-00-00Z',
  'cGFzcw==',
  'a=b',
  'a,b,-1',
  '-1.5',
  '/healthz',
];

const refused: Readonly<Record<string, RegExp>> = {
  '$(id)': /"\$" at place 1/,
  '1.0$(id)': /"\$" at place 4/,
  '`id`': /"`"/,
  "1'": /"'"/,
  'a"b': /"""/,
  'a;id': /";"/,
  'a|id': /"\|"/,
  'a&id': /"&"/,
  'a>b': /">"/,
  'a<b': /"<"/,
  '(id)': /"\("/,
  '{a,b}': /"{"/,
  '[a]': /"\["/,
  '%PATH%': /"%"/,
  '!x!': /"!"/,
  'a^b': /"\^"/,
  'a\\b': /"\\"/,
  '*': /"\*"/,
  'a?': /"\?"/,
  '~root': /"~"/,
  '#x': /"#"/,
  'a b': /character space at place 2/,
  'a\nid': /line end/,
  'a\rid': /line end/,
  'a\tb': /tab/,
  'a\u2028b': /U\+2028/,
  'a\u200bb': /U\+200B/,
  '\u2018id\u2019': /U\+2018/,
  größe: /U\+00F6/,
  '--post-renderer=./x': /begins with "-"/,
  '-1x': /begins with "-"/,
  '@/etc/passwd': /begins with "@"/,
  '=ls': /begins with "="/,
  '1.0,--kubeconfig=x': /has a part that begins with "-"/,
  'a,@/etc/passwd': /has a part that begins with "@"/,
  'a,,b': /has nothing before or behind a comma/,
  'a,': /has nothing before or behind a comma/,
  ',a': /has nothing before or behind a comma/,
};

describe('a value that scripts paste', () => {
  it('may be a version, a reference, an address, base64', () => {
    for (const text of allowed) assert.equal(wordFault(text), undefined, text);
  });

  for (const [text, fault] of Object.entries(refused)) {
    it(`may not be ${JSON.stringify(text)}`, () => assert.match(wordFault(text) ?? '', fault));
  }

  for (const shell of shells) {
    it(`stays what it is in ${shell}`, async () => {
      const words = fc.sample(fc.stringMatching(plainWord), 200).filter((word) => word !== '' && plainWord.test(word));
      const script = [...allowed.filter(Boolean), ...words].map((word) => `printf '%s\\n' ${word}`).join('\n');
      const { stdout } = await promisify(execFile)(shell, ['-c', script]);
      assert.deepEqual(stdout.trimEnd().split('\n'), [...allowed.filter(Boolean), ...words]);
    });
  }

  it('has no second value for helm --set in it, where it is a version', () => {
    assert.equal(versionFault('1.2.3-rc.1+build.5'), undefined);
    assert.match(versionFault('1.0,securityContext.privileged=true') ?? '', /"," at place 4/);
    assert.match(versionFault('a=b') ?? '', /"=" at place 2/);
    assert.match(versionFault('1.0$(id)') ?? '', /"\$" at place 4/);
    assert.equal(schema.$defs.chart.properties.appVersion.pattern, '^[^,=]*$');
  });

  it('is the same in the schema of a handoff', () => {
    assert.equal(schema.$defs.word.pattern, plainWord.source);
    const { variables, chart } = { variables: schema.properties.variables, chart: schema.$defs.chart };
    assert.equal(variables.additionalProperties.$ref, '#/$defs/word');
    assert.equal(chart.properties.appVersion.$ref, '#/$defs/word');
  });
});

describe('a path that scripts paste in quotes', () => {
  it('may have spaces, letters of any language, and what Windows puts into it', () => {
    for (const path of [
      '/home/jörg/my work/_temp/kubeconfig',
      String.raw`C:\a b\_work\1\RUNNER~1\C#\app-1.2.3+b.tgz`,
      String.raw`\\server\share\図`,
      '/agent/_work/1/a/x@2/y=1,z',
    ]) {
      assert.equal(pathFault(path), undefined, path);
    }
  });

  it('may have nothing that quotes do not stop', () => {
    for (const mark of [
      '"',
      "'",
      '$',
      '`',
      '%',
      '!',
      '\n',
      ';',
      '&',
      '|',
      '<',
      '>',
      '(',
      ')',
      '{',
      '[',
      '*',
      '\u201d',
    ]) {
      assert.match(pathFault(`/a/b${mark}c`) ?? '', /at place 5/, mark);
    }
  });
});
