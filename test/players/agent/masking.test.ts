import assert from 'node:assert/strict';
import { SecretMasker } from '../../agent/masking.ts';

describe('masking', () => {
  it('hides every occurrence of a value', () => {
    const masker = new SecretMasker();
    masker.add('hunter2');
    assert.equal(masker.mask('hunter2 and hunter2!'), '*** and ***!');
  });

  it('hides the JSON, URI and backslash forms of a value', () => {
    const masker = new SecretMasker();
    masker.add('p"w d/\\1');
    for (const form of ['p\\"w d/\\\\1', 'p%22w%20d%2F%5C1', 'p"w d/\\1'])
      assert.equal(masker.mask(`<${form}>`), '<***>');
  });

  it('joins secrets that overlap', () => {
    const masker = new SecretMasker();
    masker.add('abcdef');
    masker.add('defghi');
    assert.equal(masker.mask('xabcdefghix'), 'x***x');
  });

  it('leaves base64 of an ordinary value alone, and hides that of a variable', () => {
    const text = `x ${Buffer.from('hunter2').toString('base64')}`;
    const masker = new SecretMasker();
    masker.add('hunter2');
    assert.equal(masker.mask(text), text);
    masker.addVariable('hunter2');
    assert.equal(masker.mask(text), 'x ***');
  });

  it('hides a variable trimmed and without its quotes', () => {
    const masker = new SecretMasker();
    masker.addVariable(' "not sure" ');
    assert.equal(masker.mask('it is not sure, <"not sure">'), 'it is ***, <***>');
  });

  it('hides a variable escaped for a command', () => {
    const masker = new SecretMasker();
    masker.addVariable('50%off');
    assert.equal(masker.mask('50%AZP25off'), '***');
  });

  it('ignores empty values', () => {
    const masker = new SecretMasker();
    masker.add('');
    masker.addVariable('  ');
    assert.equal(masker.mask('a  b'), 'a  b');
  });
});
