import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { type OddAnswer, OddService } from '../bench/odd-service.ts';

const apply = { mode: 'apply' };
const self = 'aaaaaaaa-0000-4000-8000-00000000000a';
const listOf = (...items: readonly unknown[]): OddAnswer => ({ json: { value: items } });

/** As JSON behind a byte order mark. */
const marked =
  (value: unknown): OddAnswer =>
  (response) =>
    void response.end(`\ufeff${JSON.stringify(value)}`);

/** A page with another environment, after which there is one more. */
const firstPage: OddAnswer = (response) =>
  void response.writeHead(200, { 'x-ms-continuationtoken': 'more' }).end('{"value":[{"id":6,"name":"fresh-2"}]}');

function failed(step: StepResult, said: RegExp): void {
  assert.equal(step.result, 'Failed', step.log.join('\n'));
  assert.match(step.issues.map(({ message }) => message).join('\n'), said);
}

describe('EnvironmentChecks, answered in another form', () => {
  let service: OddService;
  before(async () => (service = await OddService.start()));
  after(() => service.close());

  it('reads ids that are texts, and answers behind a byte order mark', async () => {
    const step = await service.run(
      [{ name: 'production', pipelines: ['orders-cd', 5] }],
      {},
      [/^GET pipelines\/environments/, marked({ value: [{ id: '7', name: 'production' }] })],
      [/definitionIds=5/, listOf({ id: '5', name: 'qa' })],
      [/build\/definitions/, listOf({ id: '4', name: 'orders-cd', path: '\\' })],
      [/pipelinepermissions/, marked({ pipelines: [{ id: '4', authorized: true }, { id: 5 }] })],
    );
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['environmentId'], '7');
  });

  it('finds a service principal by its account, which is an id', async () => {
    const application = 'cccccccc-0000-4000-8000-00000000000c';
    const account = { Account: { $type: 'System.String', $value: application } };
    const step = await service.run(
      [{ name: 'production', approvals: [application] }],
      {},
      [/identityIds=/, listOf(null)],
      [
        /searchFilter=AccountName/,
        listOf({ id: self, providerDisplayName: 'deployer', isActive: true, properties: account }),
      ],
    );
    failed(step, /1 difference from environment-checks\.yaml/);
    assert.match(step.log.join('\n'), /approvers: deployer/);
  });

  it('finds an environment that is on a later page of those whose names begin alike', async () => {
    const step = await service.run(
      [{ name: 'fresh' }],
      apply,
      [/^GET pipelines\/environments.*continuationToken/, listOf({ id: 9, name: 'fresh' })],
      [/^GET pipelines\/environments.*name=fresh/, firstPage],
      [/^GET pipelines\/environments/, listOf()],
      [/^POST pipelines\/environments/, { json: { message: 'Environment fresh already exists.' }, status: 409 }],
    );
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['environmentId'], '9');
  });

  it('says that a server is too old', async () => {
    const message =
      'The requested REST API version of 7.2 is out of range for this server. The latest REST API version this server supports is 7.1.';
    failed(
      await service.run([{ name: 'production' }], {}, [
        /^GET pipelines\/environments/,
        { json: { message }, status: 400 },
      ]),
      /\(HTTP 400: The requested .*\)\. This Azure DevOps Server is too old: only with version 7\.2/,
    );
  });

  it('does not speak of writing where it only looked', async () => {
    let asked = 0;
    const once: OddAnswer = (response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 200 : 400).end(asked === 1 ? '{"value":[]}' : '{"message":"odd"}');
    };
    const step = await service.run(
      [{ name: 'production', exclusiveLock: true }],
      apply,
      [/queryconfigurations/, once],
      [/^POST pipelines\/checks\/configurations/, { json: { id: 3 } }],
    );
    failed(
      step,
      /did not look whether somebody else has added checks to the environment production, too \(HTTP 400: odd\)/,
    );
    assert.doesNotMatch(step.log.join('\n'), /taken away/);
  });
});
