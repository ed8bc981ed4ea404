import assert from 'node:assert/strict';
import { goJson, goStruct } from '../../../tasks/common/go/json.ts';

describe('JSON as Go writes it', () => {
  for (const [value, text] of [
    ['<a href="x">&</a>', String.raw`"\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e"`],
    ['line\u2028paragraph\u2029', String.raw`"line\u2028paragraph\u2029"`],
    ['\b\f\n\r\t\u0001\u001f\u007f', String.raw`"\b\f\n\r\t\u0001\u001f` + '\u007f"'],
    ['é日😀', '"é日😀"'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [100000000000000000000, '100000000000000000000'],
    [-0, '-0'],
    [12345678901234567890n, '12345678901234567000'],
    [[true, false, null], '[true,false,null]'],
    [{ b: { z: 1, y: [] }, a: {} }, '{"a":{},"b":{"y":[],"z":1}}'],
  ] as const) {
    it(`is ${text}`, () => assert.equal(goJson(value), text));
  }

  it('keeps the order of a struct and leaves out its empty members', () => {
    const struct = goStruct({ z: 'last', a: '', b: 0, c: [], d: {}, e: false, f: undefined, g: null, h: ['x'] });
    assert.equal(goJson(struct), '{"z":"last","h":["x"]}');
  });

  it('keeps empty members that are to be kept', () => {
    assert.equal(goJson(goStruct({ name: '', size: 0, other: '' }, ['name', 'size'])), '{"name":"","size":0}');
  });

  it('writes a key that JavaScript treats in its own way', () => {
    assert.equal(goJson(JSON.parse('{"__proto__":"x"}')), '{"__proto__":"x"}');
  });
});
