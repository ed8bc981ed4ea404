import assert from 'node:assert/strict';
import { expandMacros } from '../../agent/macros.ts';
import { Variables } from '../../agent/variables.ts';

describe('macros', () => {
  const values: Readonly<Record<string, string>> = { tag: '1.2.3', nested: '$(tag)', 'step.digest': 'sha256:ab' };
  const expand = (text: string): string => expandMacros(text, (name) => values[name]);

  it('are replaced by values', () => {
    assert.equal(expand('v$(tag) is $(step.digest)'), 'v1.2.3 is sha256:ab');
  });

  it('stay when nobody knows the name', () => {
    assert.equal(expand('$(who) $() $(tag'), '$(who) $() $(tag');
  });

  it('are found inside an unknown one', () => {
    assert.equal(expand('$($(tag))'), '$(1.2.3)');
  });

  it('are not expanded again', () => {
    assert.equal(expand('$(nested)'), '$(tag)');
  });
});

describe('variables', () => {
  it('compare names without regard to case', () => {
    const variables = new Variables(() => undefined);
    variables.set('Build.SourceBranch', 'main');
    assert.equal(variables.get('build.sourcebranch'), 'main');
  });

  it('stay secret once they are', () => {
    const secrets: string[] = [];
    const variables = new Variables((value) => secrets.push(value));
    variables.set('password', 'one', { secret: true });
    variables.set('PASSWORD', 'two');
    assert.deepEqual(secrets, ['one', 'two']);
    assert.deepEqual(variables.public(), []);
  });

  it('resolve each other when the job starts, and pass on what is secret', () => {
    const variables = new Variables(() => undefined);
    variables.set('url', 'https://$(user):$(password)@host');
    variables.set('user', 'robin');
    variables.set('password', 'hunter2', { secret: true });
    variables.expandNested();
    const { value, secret } = variables.find('url') ?? assert.fail('no url');
    assert.deepEqual([value, secret], ['https://robin:hunter2@host', true]);
  });

  it('end a circle as text', () => {
    const variables = new Variables(() => undefined);
    variables.set('a', '1$(b)');
    variables.set('b', '2$(a)');
    variables.expandNested();
    assert.equal(variables.get('a'), '12$(a)');
  });
});
