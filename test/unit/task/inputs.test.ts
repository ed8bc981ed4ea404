import assert from 'node:assert/strict';
import { InAgent, refused } from './in-agent.ts';

const because =
  'was not replaced: this job has no variable, variable of a group or output of that name. Check its spelling, that the ' +
  'pipeline names the variable group, and the step name before the dot. Outputs of other jobs and stages come by an ' +
  'expression, which is empty when it finds nothing (step name, dependsOn).';

const emptyInput = (name: string): string =>
  `Input ${name} is empty; the task cannot run without it. An output expression that finds nothing is empty, too: check ` +
  'the step name in it, and that the job or stage depends on the one that sets the output (dependsOn).';

describe('inputs of a task', () => {
  const agent = new InAgent();

  it('are trimmed, and empty ones count as not given', async () => {
    const { answers } = await agent.ask(
      { INPUT_NAME: '  a b \n', INPUT_EMPTY: '', INPUT_BLANK: ' \t ' },
      ['text', 'name'],
      ['text', 'empty'],
      ['text', 'blank'],
      ['text', 'missing'],
      ['requiredText', 'name'],
      ['requiredText', 'blank'],
    );
    const empty = refused(emptyInput('blank'));
    assert.deepEqual(answers, ['a b', null, null, null, 'a b', empty]);
  });

  it('that may hold anything come as the agent gives them', async () => {
    const { answers, printed } = await agent.ask(
      { INPUT_SET: 'key=$(x)\na= b \n', INPUT_BLANK: ' \n' },
      ['literal', 'set'],
      ['literal', 'blank'],
      ['literal', 'missing'],
    );
    assert.deepEqual(answers, ['key=$(x)\na= b \n', null, null]);
    assert.doesNotMatch(printed, /key=/);
  });

  it('that hold a macro still say which variable is missing, wherever it stands', async () => {
    const { answers } = await agent.ask(
      {
        INPUT_MACRO: '$(save.chartPath)',
        INPUT_ROOTED: '/agent/_work/1/s/$(save.chartPath)',
        INPUT_WINDOWS: 'C:\\agent\\_work\\1\\s\\$(my variable)\\app',
        INPUT_WITHIN: '1.2.$(Build.Numer)-rc',
        INPUT_LINES: 'web=web:1\npassword=of-somebody\njob=$(image)',
        INPUT_MIRROR: 'https://reader:$(mirorToken)@mirror.contoso.com/',
        INPUT_KEY: '$(handoffSealkey)',
      },
      ['text', 'macro'],
      ['text', 'rooted'],
      ['text', 'windows'],
      ['requiredText', 'within'],
      ['text', 'lines'],
      ['address', 'mirror'],
      ['secret', 'key'],
    );
    const seen = [
      "Input macro is '$(save.chartPath)', which",
      "Input rooted is '/agent/_work/1/s/$(save.chartPath)', where $(save.chartPath)",
      "Input windows is 'C:\\agent\\_work\\1\\s\\$(my variable)\\app', where $(my variable)",
      "Input within is '1.2.$(Build.Numer)-rc', where $(Build.Numer)",
      'Input lines holds $(image), where $(image)',
      'Input mirror holds $(mirorToken), which',
      "Input key is '$(handoffSealkey)', which",
    ];
    assert.deepEqual(
      answers,
      seen.map((beginning) => refused(`${beginning} ${because}`)),
    );
  });

  it('that only look like a macro are taken, and a secret may hold anything', async () => {
    const { answers } = await agent.ask(
      { INPUT_FORMULA: 'f(x) = $a + (b)', INPUT_OPEN: '$(', INPUT_NONE: '$()', INPUT_KEY: 'p$(w)d' },
      ['text', 'formula'],
      ['text', 'open'],
      ['text', 'none'],
      ['secret', 'key'],
    );
    assert.deepEqual(answers, ['f(x) = $a + (b)', '$(', '$()', 'p$(w)d']);
  });

  it('of yes or no take true and false in any case, and their default where they are empty', async () => {
    const { answers } = await agent.ask(
      { INPUT_A: 'True', INPUT_B: 'FALSE', INPUT_EMPTY: '', INPUT_YES: 'yes', INPUT_ONE: '1' },
      ['flag', 'a', false],
      ['flag', 'b', true],
      ['flag', 'empty', true],
      ['flag', 'missing', false],
      ['flag', 'yes', true],
      ['flag', 'one', true],
    );
    assert.deepEqual(answers, [
      true,
      false,
      true,
      false,
      refused("Input yes is 'yes'; it takes true or false."),
      refused("Input one is '1'; it takes true or false."),
    ]);
  });

  it('of whole numbers take digits alone, and their default where they are empty', async () => {
    const values = { A: '256', B: '0', C: '-1', D: '1e3', E: '1.5', F: '9999999999', EMPTY: '' };
    const environment = Object.fromEntries(Object.entries(values).map(([name, value]) => [`INPUT_${name}`, value]));
    const { answers } = await agent.ask(
      environment,
      ['wholeNumber', 'a', 7],
      ['wholeNumber', 'empty', 7],
      ['wholeNumber', 'missing'],
      ...['b', 'c', 'd', 'e', 'f'].map((name) => ['wholeNumber', name, 7] as const),
    );
    assert.deepEqual(answers.slice(0, 3), [256, 7, refused(emptyInput('missing'))]);
    for (const answer of answers.slice(3)) assert.match(JSON.stringify(answer), /it takes a whole number from 1/);
    assert.equal(answers.length, 8);
  });

  it('of a list take its values in any case, as the list writes them, and their default where they are empty', async () => {
    const list = ['fail', 'skipIfIdentical', 'overwrite'];
    const { answers } = await agent.ask(
      { INPUT_A: 'SKIPIFIDENTICAL', INPUT_EMPTY: '', INPUT_WRONG: 'replace' },
      ['choice', 'a', list],
      ['choice', 'empty', list, 'overwrite'],
      ['choice', 'empty', list],
      ['choice', 'wrong', list, 'overwrite'],
    );
    assert.deepEqual(answers, [
      'skipIfIdentical',
      'overwrite',
      refused(emptyInput('empty')),
      refused("Input wrong is 'replace'; it takes one of: fail, skipIfIdentical, overwrite."),
    ]);
  });

  it('that are secret are masked and shown nowhere, and have one line', async () => {
    const { answers, printed } = await agent.ask(
      { INPUT_KEY: 's3cret', INPUT_LONG: 'first\nsecond', SYSTEM_DEBUG: 'true' },
      ['secret', 'key'],
      ['secret', 'long'],
    );
    assert.deepEqual(answers, [
      's3cret',
      refused('Input long has several lines; give a secret of one line, which the agent can mask.'),
    ]);
    assert.equal(printed.replace('##vso[task.setsecret]s3cret', '').includes('s3cret'), false);
    assert.match(printed, /^##vso\[task\.setsecret\]s3cret$/m);
  });
});
