import assert from 'node:assert/strict';
import { explainSignIn } from '../../../tasks/common/azure/errors.ts';
import { aadstsCode } from '../../../tasks/common/azure/index.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';

const refusal = (code: number, text: string): Error =>
  new Error(
    `invalid_client: Error(s): ${code} - Timestamp: 2026-11-23 Description: AADSTS${code}: ${text}. Trace ID: 1\r\nCorrelation ID: 2`,
  );

const explain = (error: unknown, answered?: string): string => explainSignIn(error, answered).message;

describe('a refused sign-in to Entra ID', () => {
  for (const [code, advice] of [
    [7000215, /put the secret's value \(not its id\) into the service connection\.$/],
    [7000222, /secret has expired/],
    [700016, /check the connection's application \(client\) id and tenant id/],
    [700213, /copy the subject from the service connection's page/],
    [700024, /check the clock of the agent/],
    [70052, /make it one of a single tenant/],
    [90002, /check the connection's tenant id and environment/],
    [53003, /Conditional Access policy/],
  ] as const) {
    it(`says what to do about AADSTS${code}`, () => {
      const message = explain(refusal(code, 'What the service says'));

      assert.match(
        message,
        new RegExp(`^Entra ID refused the service connection: AADSTS${code}: What the service says\\. `),
      );
      assert.match(message, advice);
      assert.doesNotMatch(message, /Trace ID|[\r\n]/);
    });
  }

  it('says where to read about a code without advice', () => {
    assert.match(explain(refusal(999999, 'New')), /See https:\/\/login\.microsoftonline\.com\/error\?code=999999 for/);
  });

  it('says what was answered when the error itself says nothing', () => {
    const unsaid = explain(
      new Error('[object Object]: Error(s): Not Available'),
      'HTTP 500 from login.microsoftonline.com',
    );
    assert.match(
      unsaid,
      /^The service connection could not sign in to Entra ID: .*HTTP 500 from login\.microsoftonline\.com\.$/,
    );
    assert.equal(
      explain(new Error('getaddrinfo ENOTFOUND.\nmore')),
      'The service connection could not sign in to Entra ID: getaddrinfo ENOTFOUND.',
    );
  });

  it('keeps what a step had already made of it', () => {
    const error = new TaskError('The proxy wants a user and a password.');
    assert.equal(explainSignIn(error, 'HTTP 407'), error);
  });

  it('has a code only where the service gave one', () => {
    assert.equal(aadstsCode(refusal(700213, 'x')), '700213');
    assert.equal(aadstsCode(new Error('no code')), undefined);
    assert.equal(aadstsCode('AADSTS50001'), '50001');
  });
});
