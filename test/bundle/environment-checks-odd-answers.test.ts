import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { type OddAnswer, OddService } from '../bench/odd-service.ts';

const apply = { mode: 'apply' };
const approval = '8c6f20a7-a545-4486-9777-f762fafe0d4d';
const lock = { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563', name: 'ExclusiveLock' };
const self = 'aaaaaaaa-0000-4000-8000-00000000000a';
const entry = { name: 'production', approvals: ['Ada'], exclusiveLock: true, pipelines: ['orders-cd'] };
const oddValues: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  {},
  { value: null },
  { value: {} },
  { value: 'x' },
  { count: 0 },
];
const listOf = (...items: readonly unknown[]): OddAnswer => ({ json: { value: items } });

const endlessAnswer: OddAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(1024 * 1024, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

const signInPage: OddAnswer = (response) =>
  void response.writeHead(203, { 'content-type': 'text/html' }).end('<html>Sign in</html>');

describe('EnvironmentChecks, answered oddly', () => {
  let service: OddService;
  before(async () => (service = await OddService.start()));
  after(() => service.close());

  function failed(step: StepResult, said: RegExp): void {
    assert.equal(step.result, 'Failed', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...service.job.secretLeaks(step)], []);
    const errors = step.issues.map(({ message }) => message).join('\n');
    assert.doesNotMatch(errors, /Unexpected error/);
    assert.match(errors, said);
  }

  for (const json of oddValues) {
    const shown = JSON.stringify(json);
    it(`takes ${shown} for no list, never for an empty one, and writes nothing after it`, async () => {
      for (const [pattern, said] of [
        [
          /^GET pipelines\/environments/,
          /did not list the environments of the project \(HTTP 200: an answer without a list\)/,
        ],
        [/queryconfigurations/, /did not show the checks of the environments \(HTTP 200: an answer without a list\)/],
        [/identities/, /did not look up the approvers \(HTTP 200: an answer without a list\)/],
        [/build\/definitions/, /did not list the pipelines of the project \(HTTP 200: an answer without a list\)/],
      ] as const) {
        const step = await service.run([entry], apply, [pattern, { json }]);
        failed(step, said);
        assert.deepEqual(service.writes, []);
      }
    });
  }

  it('bears lists with anything in them', async () => {
    const anything = [
      null,
      7,
      'x',
      [],
      {},
      { id: null, name: null },
      { id: '7', name: 'production' },
      { id: 7, name: 'production', description: 9 },
    ];
    const checks = [
      ...anything,
      { resource: { id: '7' } },
      { resource: { id: 7 }, type: null, settings: null },
      { id: 1, resource: { id: 7 }, type: { id: approval }, settings: [] },
      {
        id: {},
        resource: { id: 7 },
        type: { id: approval },
        settings: { approvers: {}, minRequiredApprovers: 'x', instructions: [] },
        createdBy: 7,
      },
      {
        id: 3,
        resource: { id: 7 },
        type: lock,
        settings: 'x',
        timeout: {},
        isDisabled: 'perhaps',
        createdBy: { id: 5, displayName: 6 },
      },
    ];
    const identities = [...anything, { id: self, providerDisplayName: 'Ada', isActive: true, properties: [] }];
    const step = await service.run(
      [entry],
      {},
      [/^GET pipelines\/environments/, listOf(...anything)],
      [/queryconfigurations/, listOf(...checks)],
      [/identities/, listOf(...identities)],
      [/build\/definitions/, listOf(...anything, { id: 4, name: 'orders-cd' })],
      [/pipelinepermissions/, { json: { allPipelines: [], pipelines: anything } }],
    );
    failed(step, /differences from environment-checks\.yaml/);
    assert.deepEqual(service.writes, []);
  });

  it('does not take a check that came twice for a second one, even to prune', async () => {
    const check = {
      id: 3,
      version: 1,
      resource: { type: 'environment', id: '7' },
      type: lock,
      settings: null,
      createdBy: { id: self },
    };
    const step = await service.run([{ name: 'production', exclusiveLock: true }], { ...apply, prune: 'true' }, [
      /queryconfigurations/,
      listOf(check, check),
    ]);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(service.writes, []);
  });

  it('does not take nobody for the maker of what nobody made', async () => {
    const check = { id: 3, resource: { id: '7' }, type: lock, createdBy: { id: '' } };
    await service.run(
      [{ name: 'production', exclusiveLock: false }],
      { ...apply, prune: 'true' },
      [/queryconfigurations/, listOf(check)],
      [/connectionData/, { json: { authenticatedUser: { id: '' } } }],
    );
    assert.deepEqual(service.writes, []);
  });

  it('ends a list that leads in a circle, and one that has no end', async () => {
    for (const token of ['a', undefined]) {
      let pages = 0;
      const endless: OddAnswer = (response) => {
        pages += 1;
        response.writeHead(200, { 'x-ms-continuationtoken': token ?? `page-${pages}` }).end('{"value":[]}');
      };
      failed(
        await service.run([entry], {}, [/^GET pipelines\/environments/, endless]),
        /a list that has not ended after 100 pages/,
      );
      assert.equal(pages, 100);
    }
  });

  it('reads every page of a list, with tokens as they come', async () => {
    const token = 'a b+c&d=/?#';
    const step = await service.run(
      [{ name: 'production' }],
      {},
      [/continuationToken=a b\+c&d=\/\?#/, listOf({ id: 7, name: 'Production' })],
      [
        /^GET pipelines\/environments/,
        { json: { value: [{ id: 6, name: 'qa' }] }, headers: { 'x-ms-continuationtoken': token } },
      ],
    );
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['environmentId'], '7');
  });

  it('reads no answer that is too large', async () => {
    failed(
      await service.run([entry], {}, [/^GET pipelines\/environments/, endlessAnswer]),
      /sent an answer of more than the allowed 33554432 bytes/,
    );
  });

  it('follows no redirect, and gives its token to nobody else', async () => {
    const elsewhere = await OddService.start();
    const location = 'http://localhost:9/elsewhere';
    failed(
      await service.run([entry], {}, [
        /^GET pipelines\/environments/,
        { json: {}, status: 302, headers: { location } },
      ]),
      /\(HTTP 302: .*The token of the identity of the job/,
    );
    assert.ok(service.requests.every(({ authorization }) => authorization === 'Bearer the-token-of-this-job'));
    assert.deepEqual(elsewhere.requests, []);
    await elsewhere.close();
  });

  it('takes a sign-in page for a token that was not taken', async () => {
    failed(
      await service.run([entry], {}, [/^GET pipelines\/environments/, signInPage]),
      /\(HTTP 203: a page instead of data\)\. The token of/,
    );
  });

  it('looks again where the answer to a new environment says nothing', async () => {
    let made = false;
    const list: OddAnswer = (response) =>
      void response.end(JSON.stringify({ value: made ? [{ id: 9, name: 'fresh' }] : [] }));
    const create: OddAnswer = (response) => {
      made = true;
      response.end('{}');
    };
    const step = await service.run(
      [{ name: 'fresh' }],
      apply,
      [/^GET pipelines\/environments/, list],
      [/^POST pipelines\/environments/, create],
    );
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['environmentId'], '9');
    assert.equal(service.writes.length, 1);
  });

  it('gives up a service that takes every write and keeps none', async () => {
    const step = await service.run([{ name: 'fresh' }], apply, [/^GET pipelines\/environments/, listOf()]);
    failed(step, /did not make the environment fresh \(the answer to a new environment holds no id\)/);
    assert.equal(service.writes.length, 4);
  });

  it('takes a sign-in page for no answer to a write either', async () => {
    const step = await service.run([{ name: 'production', exclusiveLock: true }], apply, [
      /^POST pipelines\/checks\/configurations/,
      signInPage,
    ]);
    failed(
      step,
      /did not add Exclusive lock of the environment production \(HTTP 203: a page instead of data\)\. The token of/,
    );
  });

  it('writes permissions again that are not seen after they were written', async () => {
    let patches = 0;
    const patch: OddAnswer = (response) => {
      patches += 1;
      response.end('{}');
    };
    const seen: OddAnswer = (response) =>
      void response.end(JSON.stringify({ pipelines: patches === 2 ? [{ id: 4, authorized: true }] : [] }));
    const step = await service.run(
      [{ name: 'production', pipelines: ['orders-cd'] }],
      apply,
      [/^PATCH pipelines\/pipelinepermissions/, patch],
      [/^GET pipelines\/pipelinepermissions/, seen],
    );
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(patches, 2);
    assert.equal(step.outputs['checksChanged'], '1');
  });

  it('asks the collection of a server of its own for identities, too', async () => {
    await service.run([entry], {});
    assert.ok(service.requests.some(({ line }) => line.startsWith('GET identities?')));
  });
});
