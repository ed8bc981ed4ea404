import assert from 'node:assert/strict';
import { lineOf } from '../../../tasks/common/doctor/statuses.ts';
import { Narrator } from '../../../tasks/common/doctor/narrator.ts';

describe('the narrator', () => {
  const told: string[] = [];
  const narrator = new Narrator({ info: (line) => void told.push(line), warning: () => undefined });
  beforeEach(() => (told.length = 0));

  it('says one bounded line, whatever names and annotations hold', () => {
    const object = { kind: 'Job', namespace: 'web', name: `migrate\n##[error]${'x'.repeat(100_000)}` };
    const hook = 'pre-install)\r\n##vso[task.complete]\u2028Deployment shop is ready.\n';
    const health = { state: 'failed', why: 'it failed' } as const;
    narrator.say(lineOf({ object, hook, health, isNew: true }), 0);
    narrator.say(lineOf({ object: { ...object, name: 'a' }, hook, health, isNew: true }), 0);
    for (const line of [...told, ...narrator.timeline.map((entry) => entry.line)]) {
      assert.doesNotMatch(line, /[\r\n\u2028]|##\[|##vso\[/);
      assert.ok(line.length <= 1001);
    }
    assert.match(told[1] ?? '', /^Job a \(hook pre-install\) #.*Deployment shop is ready\. \): it failed\.$/);
  });

  it('keeps what a log is indented by', () => {
    narrator.say('  | \tat Shop.main', 0);
    assert.deepEqual(told, ['  | \tat Shop.main']);
  });
});
