import assert from 'node:assert/strict';
import { zipSync } from 'fflate';
import { filesInZip } from '../../../tasks/common/devops/artifacts.ts';

const file = 'variables.json';
const inZip = (zip: Uint8Array, largest = 1000): Buffer | undefined =>
  filesInZip(zip, 'Build-Artifact', new Map([[file, largest]])).get(file);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("a file in an artifact's zip", () => {
  for (const name of ['variables.json', 'Build-Artifact/variables.json', 'build-artifact/variables.json']) {
    it(`is found as ${name}`, () => {
      const zip = zipSync({ 'other/variables.json': text('no'), [name]: text('{}'), 'variables.json.bak': text('no') });
      assert.equal(inZip(zip)?.toString(), '{}');
    });
  }

  it('is not there when it lies deeper, and refused when it is there twice or too large', () => {
    assert.equal(inZip(zipSync({ 'a/b/variables.json': text('{}') })), undefined);
    const twice = zipSync({ 'variables.json': text('{}'), 'build-artifact/variables.json': text('{}') });
    assert.throws(() => inZip(twice), /has variables\.json 2 times/);
    const large = zipSync({ 'variables.json': text('x'.repeat(1001)) });
    assert.throws(() => inZip(large), /has 1001 bytes; it should have at most 1000/);
  });

  it('is found beside others, in folders too, whichever way its separators lean', () => {
    const zip = zipSync({
      'build-artifact/files/a/b.yaml': text('1'),
      'files\\c.yaml': text('2'),
      'files/d': text('3'),
    });
    const wanted = new Map(['files/a/b.yaml', 'files/c.yaml', 'files/e'].map((name) => [name, 10]));
    const found = [...filesInZip(zip, 'build-artifact', wanted)].map(([name, bytes]) => [name, bytes.toString()]);
    assert.deepEqual(found, [
      ['files/a/b.yaml', '1'],
      ['files/c.yaml', '2'],
    ]);
  });

  it('takes no more memory than it says to need, whatever it unpacks to', () => {
    const bomb = Buffer.from(zipSync({ 'variables.json': new Uint8Array(50_000_000) }, { level: 9 }));
    // The unpacked size stands in the local header and in the central directory.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(50_000_000);
    const lie = Buffer.alloc(4);
    lie.writeUInt32LE(900);
    for (let at = bomb.indexOf(size); at >= 0; at = bomb.indexOf(size)) lie.copy(bomb, at);
    const before = process.memoryUsage().arrayBuffers;
    let length = 0;
    try {
      length = inZip(bomb, 1_000_000)?.length ?? 0;
    } catch (error) {
      assert.match(String(error), /damaged zip/);
    }
    assert.ok(length <= 1_000_000);
    assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
  });

  it('is not looked for among more files than the zip can hold', () => {
    const zip = Buffer.from(zipSync({ 'variables.json': text('{}') }));
    const end = zip.length - 22;
    const largeEnd = Buffer.alloc(56);
    largeEnd.writeUInt32LE(0x06064b50, 0);
    largeEnd.writeUInt32LE(20_000_000, 32);
    largeEnd.writeUInt32LE(zip.readUInt32LE(end + 16), 48);
    const place = Buffer.alloc(20);
    place.writeUInt32LE(0x07064b50, 0);
    place.writeUInt32LE(end, 8);
    const endRecord = Buffer.from(zip.subarray(end));
    endRecord.writeUInt16LE(0xffff, 10);
    endRecord.writeUInt32LE(0xffffffff, 16);
    const claims = Buffer.concat([zip.subarray(0, end), largeEnd, place, endRecord]);
    assert.throws(() => inZip(claims), /damaged zip \(it lists more files than it can hold\)/);
  });

  it('is not found in a damaged zip', () => {
    const zip = zipSync({ 'variables.json': text('{"a": 1}') });
    for (const part of [zip.subarray(0, zip.length - 10), zip.subarray(40), new Uint8Array(0)]) {
      let found: Buffer | undefined;
      try {
        found = inZip(part);
      } catch (error) {
        assert.match(String(error), /damaged zip/);
      }
      assert.equal(found, undefined);
    }
  });
});
