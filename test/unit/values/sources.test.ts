import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parseGoYaml } from '../../../tasks/common/go/yaml.ts';
import { valueFilesOf } from '../../../tasks/common/values/value-files.ts';
import { refusalOf } from '../chart/refusal.ts';
import { type TestSources, ValuesBench } from './values-bench.ts';

/** A line for each of these letters. */
const lines = (names: string, value: string): string =>
  names
    .split('')
    .map((name) => `${name}=${value}`)
    .join('\n');

describe('The values of a release', () => {
  let bench: ValuesBench;
  beforeEach(() => (bench = new ValuesBench()));
  afterEach(() => bench.close());

  const written = async (sources: TestSources) =>
    parseGoYaml(readFileSync((await bench.write(sources)).file, 'utf8'), 'values');
  const refusal = (sources: TestSources) => refusalOf(() => bench.write(sources));

  it('are laid over each other in the order of their sources', async () => {
    const all = { a: 'file', b: 'file', c: 'file', d: 'file', e: 'file', f: 'file', g: 'file', h: 'file' };
    const put = (name: string, value: object) => bench.put(name, JSON.stringify(value));
    const { a: _a, ...later } = all;
    const again = Object.fromEntries(Object.keys(later).map((name) => [name, 'second file']));
    const expected = {
      a: 'file',
      b: 'second file',
      c: 'values',
      d: 'image',
      e: 'set',
      f: 'setString',
      g: 'content',
      h: 'setSecret',
    };
    assert.deepEqual(
      await written({
        files: [put('z.yaml', all), put('a.yaml', again)],
        values: 'c: values\nd: values\ne: values\nf: values\ng: values\nh: values\n',
        images: 'defgh'.split('').map((name) => ({ path: [name], value: 'image', at: 'a line' })),
        set: lines('efgh', 'set'),
        setString: lines('fgh', 'setString'),
        setFile: lines('gh', bench.put('content', 'content')),
        setSecret: 'h=setSecret',
      }),
      expected,
    );
  });

  it('lie in a new file that only this user can read', async () => {
    const [first, second] = [await bench.write({ set: 'a=1' }), await bench.write({ set: 'a=2' })];
    assert.notEqual(first.file, second.file);
    if (process.platform !== 'win32') assert.equal(statSync(first.file).mode & 0o777, 0o600);
    assert.equal(readFileSync(first.file, 'utf8'), '{"a": 1}\n');
  });

  it('are told by their paths alone', async () => {
    const { paths } = await bench.write({
      set: 'a.b=x\nc\\.d[1]=x\na.b=y',
      setString: '"e f"."g.h"=1',
      setSecret: 'i=secret',
    });
    assert.deepEqual(paths, ['a.b', '"c.d"[1]', 'e f."g.h"', 'i']);
  });

  it('may have any name', async () => {
    const { file } = await bench.write({
      values: '{__proto__: {a: 1}, constructor: x}',
      set: '__proto__.b=2\nconstructor=y\ntoString.x=1',
    });
    assert.equal(
      readFileSync(file, 'utf8'),
      '{"__proto__": {"a": 1,"b": 2},"constructor": "y","toString": {"x": 1}}\n',
    );
    assert.equal(Object.hasOwn(Object.prototype, 'b'), false);
  });

  it('grow lists with null between, within limits', async () => {
    assert.deepEqual(await written({ set: 'a[2].b=x\na[0][1]=y' }), { a: [[null, 'y'], null, { b: 'x' }] });
    assert.match(await refusal({ set: 'a[65537]=1' }), /an index is a whole number from 0 to 65536/);
    assert.match(
      await refusal({ set: 'a[40000]=1\nb[40000]=1' }),
      /^Line 2 of input set makes lists longer by more than 65536/,
    );
  });

  for (const [sources, reason] of [
    [{ set: 'a=1\n\nb' }, /^Line 3 of input set is not of the form path=value: it has no = behind a path\.$/],
    [{ setString: 'a..b=1' }, /^Line 1 of input setString .*a key is missing in the path.*\(character 3\)/],
    [{ set: '=1' }, /a key is missing/],
    [{ set: '"a=1' }, /the closing quote of a key is missing/],
    [{ set: '"a"b=1' }, /behind a quoted key or an index only \. or \[ goes on/],
    [{ set: 'a[-1]=1' }, /an index is a whole number/],
    [{ set: 'a[]=1' }, /an index is a whole number/],
    [{ set: 'a = 1' }, /a blank stands around a key/],
    [{ set: '# a=1' }, /there are no comments here/],
    [{ set: 'a\\' }, /nothing stands behind the last backslash/],
    [{ set: `${'a.'.repeat(30)}a=1` }, /more than the 30 levels/],
    [
      { values: 'a: text', set: 'a.b=1' },
      /^Line 1 of input set: a is text, so nothing can be set below it by a key; helm refuses that, too\./,
    ],
    [{ values: 'a: null', set: 'a.b=1' }, /a is null, which removes it, so/],
    [{ values: 'a: {b: 1}', setString: 'a[0]=1' }, /a is a mapping, so nothing can be set below it by an index/],
    [{ values: 'a: [1]', set: 'a[0].b=1' }, /a\[0\] is a number.*helm would drop it in silence/],
    [{ set: 'a=$(tag)' }, /^Line 1 of input set sets a to the macro \$\(tag\) itself/],
    [{ set: 'a=9007199254740993' }, /helm would make 9007199254740992 of it; give it as text in input setString\.$/],
    [{ values: '- a' }, /^Input values is a list at line 1; values are a mapping/],
    [
      { values: 'a: 1\n---\nb: 2' },
      /^Input values is not valid YAML: it holds several documents.* at line 2, column 1/,
    ],
    [{ values: 'a: {b: [.inf]}' }, /^Input values: a\.b\[0\] is Infinity, which helm does not take/],
    [{ values: 'a: [' }, /^Input values is not valid YAML: .* at line 1, column \d+\.$/],
    [{ values: `a: ${'x'.repeat(1024 * 1024)}` }, /^Input values has more than the 1048576 bytes/],
    [{ set: `a=${'x'.repeat(1024 * 1024)}` }, /^Input set has more than the 1048576 bytes/],
    [{ values: 'a: "\\ud800"' }, /^a holds half a character/],
  ] as const) {
    it(`are refused as ${JSON.stringify(sources).slice(0, 60)}`, async () =>
      assert.match(await refusal(sources), reason));
  }

  it('are refused where a file holds no text, or is none', async () => {
    const put = bench.put('bytes', Buffer.from([0x61, 0xff]));
    assert.match(await refusal({ setFile: `a=${put}` }), /^Line 1 of input setFile: .*bytes is no UTF-8 text/);
    symlinkSync(put, path.join(bench.root, 'link'));
    assert.match(await refusal({ setFile: 'a=link' }), /link is a link/);
    assert.match(await refusal({ files: [bench.root] }), /is no regular file/);
  });

  it('come with a warning where they hold what means something elsewhere', async () => {
    await bench.write({
      set: 'a=1,b=2\nb={x,y}\nc="quoted"',
      setString: 'd=1,b=2\ne={x}',
      values: 'f: [9007199254740993]',
    });
    const [number = '', comma = '', braces = '', quotes = '', ...others] = bench.warnings;
    assert.match(number, /^Input values: helm does not keep all digits of the number at f\[0\]/);
    assert.match(comma, /^Line 1 of input set holds a comma and another =/);
    assert.match(braces, /^Line 2 of input set has a text in braces, which is no list here/);
    assert.match(quotes, /^Line 3 of input set has a value in quotes, which stay part of it/);
    assert.deepEqual(others, []);
  });
});

describe('Secrets among the values', () => {
  let bench: ValuesBench;
  before(() => (bench = new ValuesBench()));
  after(() => bench.close());

  it('are learned before anything can fail', async () => {
    await refusalOf(() => bench.write({ files: [path.join(bench.root, 'missing')], setSecret: 'a=one\nb=two' }));
    assert.deepEqual(bench.learned.splice(0), ['one', 'two']);
  });

  it('of several lines are one value each, as the job knows them', async () => {
    const [pem, windows] = ['-----BEGIN KEY-----\nabc=\n-----END KEY-----\n', 'x=1\r\ny=2\r\n'];
    const secrets = [pem, windows].map((value) => ({ name: 'a secret variable', value }));
    const setSecret = `tls.key=${pem}\ntls.other=${windows}\nnext=x\n`;
    const { file, paths } = await bench.write({ setSecret, setString: `again=${pem}`, secrets });
    assert.deepEqual(parseGoYaml(readFileSync(file, 'utf8'), 'values'), {
      tls: { key: pem, other: windows },
      next: 'x',
      again: pem,
    });
    assert.deepEqual(paths, ['again', 'tls.key', 'tls.other', 'next']);
    assert.deepEqual(bench.learned.splice(0), [pem, windows, 'x']);
  });

  it('are in no message, whatever is wrong with their line', async () => {
    for (const line of ['s3cret', 's3cret..x', 'a[s3cret]=1', '"s3cret', 's3cret =', 'a=b\ns3cret']) {
      assert.doesNotMatch(await refusalOf(() => bench.write({ setSecret: line })), /s3cret/);
    }
    for (const yaml of ['a: "s3cret', 'a: *s3cret', 'a: !!int s3cret', 'a: b: s3cret', "a: 'x' s3cret", '@s3cret']) {
      assert.doesNotMatch(await refusalOf(() => bench.write({ values: yaml })), /s3cret/);
    }
  });
});

describe('Files of values that an input names', () => {
  let bench: ValuesBench;
  before(() => {
    bench = new ValuesBench();
    for (const name of ['b/2.yaml', 'b/1.yaml', 'a.yaml', 'c/link.txt']) bench.put(name, 'x: 1');
  });
  after(() => bench.close());

  const found = async (value: string) =>
    (await valueFilesOf({ input: 'valueFiles', value }, bench.context)).map((file) =>
      path.relative(bench.root, file).replaceAll('\\', '/'),
    );

  it('come line by line, and sorted where one pattern finds several', async () => {
    assert.deepEqual(await found('b/*.yaml\n\n  a.yaml\n'), ['b/1.yaml', 'b/2.yaml', 'a.yaml']);
    assert.deepEqual(await found('a.yaml\nb/2.yaml\nb/*.yaml'), ['a.yaml', 'b/2.yaml', 'b/1.yaml', 'b/2.yaml']);
    assert.deepEqual(await found(''), []);
  });

  it('must be there', async () => {
    assert.match(
      await refusalOf(() => found('a.yaml\nb/*.yml')),
      /^Input valueFiles: no file matches "b\/\*\.yml" \(seen from /,
    );
  });

  it('are no links where a pattern finds them', async function () {
    if (process.platform === 'win32') this.skip();
    symlinkSync('/etc/hostname', path.join(bench.root, 'c', 'other.yaml'));
    assert.match(await refusalOf(() => found('c/*.yaml')), /other\.yaml is a link/);
  });
});
