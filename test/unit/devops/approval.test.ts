import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { requiredApproval } from '../../../tasks/common/devops/index.ts';
import { networkContext } from '../network/network-context.ts';

const approval = { type: { id: '8C6F20A7-A545-4486-9777-F762FAFE0D4D', name: 'Approval' } };

describe('the approval that a deployment requires', () => {
  let answer: { readonly status: number; readonly body: unknown; readonly retryAfter?: string };
  let server: http.Server;
  let variables: Readonly<Record<string, string>>;

  before(async () => {
    server = http.createServer((_request, response) => {
      const { status, body, retryAfter } = answer;
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    variables = {
      'System.CollectionUri': `http://127.0.0.1:${port}/contoso`,
      'System.TeamProjectId': 'delivery',
      'Environment.Id': '7',
      'Environment.Name': 'production',
    };
  });
  after(() => server.close());

  const asked = (): ReturnType<typeof requiredApproval> =>
    requiredApproval({
      ...networkContext(),
      job: { accessToken: () => 'token', oidcRequestUri: () => '' },
      variable: (name) => variables[name],
    });

  it('is there also where an agent tells nothing else of the run', async () => {
    answer = { status: 200, body: { value: [{ type: null }, { ...approval, settings: null }] } };
    assert.deepEqual(await asked(), []);
  });

  it('is not there where there is no check of its type that is switched on', async () => {
    const others = [null, { type: { id: 'x' } }, { ...approval, isDisabled: true }];
    answer = { status: 200, body: { value: others } };
    await assert.rejects(asked(), /production has no approval check that is switched on: nothing was deployed/);
  });

  for (const status of [203, 302, 401, 403, 404]) {
    it(`wants a role where HTTP ${status} keeps from finding out`, async () => {
      answer = { status, body: '<html>' };
      await assert.rejects(
        asked(),
        /nothing was deployed \(HTTP .*\)\. Give the build service identity .* role Reader/,
      );
    });
  }

  it('wants no role where that is not what is missing', async () => {
    const message = 'The requested REST API version of 7.2 is out of range for this server.';
    for (const [given, advice] of [
      [{ status: 400, body: { message } }, 'This Azure DevOps Server is too old for requireApproval.'],
      [{ status: 400, body: { message: 'odd' } }, 'Run the step again later.'],
      [{ status: 200, body: '<html>' }, 'Run the step again later.'],
      [{ status: 429, body: '', retryAfter: '86400' }, 'start fewer pipelines at once.).'],
    ] as const) {
      answer = given;
      await assert.rejects(asked(), ({ message: said }: Error) => said.endsWith(advice) && !/Reader/.test(said));
    }
  });
});
