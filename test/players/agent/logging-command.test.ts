import assert from 'node:assert/strict';
import { parseLoggingCommand, type LoggingCommand } from '../../agent/logging-command.ts';

function command(line: string): LoggingCommand {
  const parsed = parseLoggingCommand(line);
  if (typeof parsed === 'string') assert.fail(`'${line}' is ${parsed}, not a command`);
  return parsed;
}

describe('a logging command', () => {
  it('has an area, an event, properties and data', () => {
    const { area, event, properties, data } = command('##vso[task.setvariable variable=a;isOutput=true;]some text');
    assert.deepEqual({ area, event, data }, { area: 'task', event: 'setvariable', data: 'some text' });
    assert.deepEqual(properties, { variable: 'a', isoutput: 'true' });
  });

  it('is found anywhere in a line', () => {
    assert.equal(command('pulled nginx: ##vso[task.debug]hello').data, 'hello');
  });

  it('compares names without regard to case, and keeps values as they are', () => {
    const { area, event, properties } = command('##vso[Task.SetVariable VARIABLE=MixedCase]x');
    assert.deepEqual([area, event, properties], ['task', 'setvariable', { variable: 'MixedCase' }]);
  });

  it('ends its head at the first bracket', () => {
    const { properties, data } = command('##vso[task.setvariable variable=a]b]c');
    assert.deepEqual([properties['variable'], data], ['a', 'b]c']);
  });

  it('unescapes properties and data, percent last', () => {
    const { properties, data } = command('##vso[task.setvariable variable=a%3Bb%5Dc]1%0D%0A2%AZP250A3%25');
    assert.equal(properties['variable'], 'a;b]c');
    assert.equal(data, '1\r\n2%0A3%25');
  });

  it('drops pieces that are no property, and reports them', () => {
    const { properties, dropped } = command('##vso[task.setvariable variable=a;isSecret;empty=]x');
    assert.deepEqual(properties, { variable: 'a' });
    assert.deepEqual(dropped, ['isSecret', 'empty=']);
  });

  it('keeps equals signs in a value', () => {
    assert.equal(command('##vso[a.b x=1=2]').properties['x'], '1=2');
  });

  for (const line of ['##vso', '##vso[task.debug hello', '##vso[task]x', '##vso[task.debug.more]x', '##vso[]x']) {
    it(`is not legal in '${line}'`, () => {
      assert.equal(parseLoggingCommand(line), 'illegal');
    });
  }

  it('needs its keyword in lower case', () => {
    assert.equal(parseLoggingCommand('##VSO[task.debug]x'), 'none');
  });

  it('is not in an ordinary line', () => {
    assert.equal(parseLoggingCommand('##[section]Starting: build'), 'none');
  });
});
