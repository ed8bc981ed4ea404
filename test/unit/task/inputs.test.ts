import assert from 'node:assert/strict';
import { InAgent, refused } from './in-agent.ts';

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
    const empty = refused('Input blank is empty; the task cannot run without it.');
    assert.deepEqual(answers, ['a b', null, null, null, 'a b', empty]);
  });

  it('that are still macros say which variable is missing, also at the end of a path', async () => {
    const because =
      'so no variable of that name exists here. Check the step name before the dot, or that the step ran in this job.';
    const { answers } = await agent.ask(
      {
        INPUT_MACRO: '$(save.chartPath)',
        INPUT_ROOTED: '/agent/_work/1/s/$(save.chartPath)',
        INPUT_WINDOWS: 'C:\\agent\\_work\\1\\s\\$(my variable)',
        INPUT_FORMULA: 'f(x) = $(a) + $(b)',
        INPUT_SHELL: 'echo $(date)',
      },
      ['text', 'macro'],
      ['text', 'rooted'],
      ['text', 'windows'],
      ['text', 'formula'],
      ['text', 'shell'],
    );
    assert.deepEqual(answers, [
      refused(`Input macro is '$(save.chartPath)', ${because}`),
      refused(`Input rooted is '/agent/_work/1/s/$(save.chartPath)', ${because}`),
      refused(`Input windows is 'C:\\agent\\_work\\1\\s\\$(my variable)', ${because}`),
      'f(x) = $(a) + $(b)',
      'echo $(date)',
    ]);
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
    assert.deepEqual(answers.slice(0, 3), [256, 7, refused('Input missing is empty; the task cannot run without it.')]);
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
      refused('Input empty is empty; the task cannot run without it.'),
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
