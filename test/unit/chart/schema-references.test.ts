import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { outerReferences } from '../../../tasks/common/chart/schemas/references.ts';
import { chartYaml, writeFiles } from '../../bench/write-files.ts';
import { realProgram } from '../../real/index.ts';
import { ScratchFolder } from './scratch-folder.ts';

const remote = 'https://contoso.example/x.json';
const draft4 = 'http://json-schema.org/draft-04/schema#';
const draft7 = 'http://json-schema.org/draft-07/schema#';
const draft2020 = 'https://json-schema.org/draft/2020-12/schema';
const text = { type: 'string' };
const a = (schema: unknown) => ({ properties: { a: schema } });
const local = { definitions: { x: text }, ...a({ $ref: '#/definitions/x' }) };
const embedded = (holder: string, keyword: string, reference = remote) => ({
  [holder]: { x: { [keyword]: remote, ...text } },
  ...a({ $ref: reference }),
});

/** Schemas that stay by themselves: helm takes them, and asks nobody. */
const inner: Readonly<Record<string, unknown>> = {
  'a pointer': local,
  'the whole schema': a({ anyOf: [text, { $ref: '' }, { $ref: '#' }] }),
  'a pointer under an address': { $id: 'https://contoso.example/values.json', ...local },
  'a pointer under an address with an empty fragment': {
    $schema: draft7,
    $id: 'http://contoso.example/v.json#',
    ...local,
  },
  'a pointer under an address of draft 4': { $schema: draft4, id: 'http://contoso.example/v.json', ...local },
  'a pointer under an address within': a({
    $id: remote,
    definitions: { x: text },
    allOf: [{ $ref: '#/definitions/x' }],
  }),
  'its own address': {
    $id: remote,
    $defs: { x: text },
    properties: { a: { $ref: `${remote}#/$defs/x` } },
  },
  'an address within': { $schema: draft2020, ...embedded('$defs', '$id') },
  'an address within, with a pointer': embedded('$defs', '$id', `${remote}#`),
  'an address within, of draft 7': { $schema: draft7, ...embedded('definitions', '$id') },
  'an address within, of draft 4': { $schema: draft4, ...embedded('definitions', 'id') },
  'an address within, both relative': {
    $id: 'https://contoso.example/root.json',
    $defs: { x: { $id: 'x.json', ...text } },
    ...a({ $ref: 'x.json' }),
  },
  'names like those of generators': {
    $schema: draft7,
    $id: 'http://contoso.example/root.json',
    properties: { a: { $id: '#/properties/a', ...text } },
  },
  'a draft that is known': a({ anyOf: [text, { $ref: draft7 }] }),
  'a property of that name': a({ type: ['string', 'object'], properties: { $ref: text, $schema: text, id: text } }),
  ...Object.fromEntries(
    [draft4, draft7, draft2020, 'http://json-schema.org/schema#', 'https://json-schema.org/draft/2019-09/schema'].map(
      (draft) => [`no more than ${draft}`, { $schema: draft, ...a(text) }],
    ),
  ),
};

/** Schemas for which one helm or another asks the web. */
const outer: Readonly<Record<string, unknown>> = {
  'an address': a({ $ref: remote }),
  'an address without encryption': a({ $ref: 'http://contoso.example/x.json' }),
  'an address in upper case': a({ $ref: 'HTTPS://contoso.example/x.json' }),
  'a relative address under an address': { $id: 'https://contoso.example/v.json', ...a({ $ref: 'other.json' }) },
  'a relative address under an address within': a({
    $id: 'https://contoso.example/v.json',
    allOf: [{ $ref: 'y.json' }],
  }),
  'a dynamic reference': { $schema: draft2020, ...a({ $dynamicRef: remote }) },
  'a recursive reference': { $schema: 'https://json-schema.org/draft/2019-09/schema', ...a({ $recursiveRef: remote }) },
  'an unknown draft': { $schema: remote, ...a(text) },
  'a draft that no helm has': { $schema: 'http://json-schema.org/draft-03/schema#', ...a(text) },
  'an unknown draft of a part': a({ $schema: remote, ...text }),
  'a draft that only some helms have': a({ anyOf: [text, { $ref: draft2020 }] }),
  'a reference in a constant, by a pointer': {
    properties: { a: { $ref: '#/properties/b/const' }, b: { const: { $ref: remote } } },
  },
  'an address within that does not count beside a $ref': {
    $schema: draft7,
    definitions: { y: text, x: { $id: remote, $ref: '#/definitions/y' } },
    ...a({ $ref: remote }),
  },
  'an address in a default': { default: { $id: remote, ...text }, ...a({ $ref: remote }) },
  'an address within under a keyword of another draft': { $schema: draft7, ...embedded('definitions', 'id') },
  'an address within under the keyword of a later draft': { $schema: draft4, ...embedded('definitions', '$id') },
  'an address within where the draft has no such place': { $schema: draft7, ...embedded('$defs', '$id') },
  'a pointer under an address with a fragment': { $schema: draft7, $id: 'http://contoso.example/v.json#f', ...local },
  'a pointer under an address with a fragment within': {
    definitions: { x: text },
    ...a({ $id: 'http://contoso.example/v.json#f', allOf: [{ $ref: '#/definitions/x' }] }),
  },
};

/** References that no helm takes, or that are read from this machine. */
const elsewhere: Readonly<Record<string, string>> = {
  'a file beside it': 'other.json',
  'a file beside it, with a pointer': './other.json#/definitions/x',
  'a file above': '../../secret.json',
  'a file of the machine': 'file:///etc/passwd',
  'an address without its scheme': '//contoso.example/x.json',
  'another scheme': 'ftp://contoso.example/x.json',
};

describe('references in a values schema', () => {
  const scratch = new ScratchFolder();
  const asked: string[] = [];
  let proxy: Server;

  before((done) => {
    proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(502).end();
    });
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 502 no\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1', done);
  });
  after((done) => void proxy.close(done));

  /** Whether each helm takes the schema, and what all of them asked the web for. */
  async function linted(schema: unknown): Promise<{ isTaken: boolean; asked: string[] }> {
    const chart = writeFiles(path.join(scratch.fresh('charts'), 'app'), {
      'Chart.yaml': chartYaml('app'),
      'values.yaml': 'a: text\n',
      'templates/none.yaml': '',
      'values.schema.json': JSON.stringify(schema),
    });
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = { ...process.env, HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: '', no_proxy: '' };
    asked.splice(0);
    const helms = await Promise.all((['helm-3.17', 'helm-4.1', 'helm-4.2'] as const).map(realProgram));
    const runs = await Promise.allSettled(helms.map((helm) => promisify(execFile)(helm, ['lint', chart], { env })));
    return { isTaken: runs.every(({ status }) => status === 'fulfilled'), asked: [...asked] };
  }

  for (const [what, schema] of Object.entries(inner)) {
    it(`may be ${what}`, async () => {
      assert.deepEqual(outerReferences(schema), []);
      assert.deepEqual(await linted(schema), { isTaken: true, asked: [] });
    });
  }

  for (const [what, schema] of Object.entries(outer)) {
    it(`lead to the web as ${what}`, async () => {
      const [found] = outerReferences(schema);
      assert.equal(found?.leadsTo, 'the web');
      assert.notDeepEqual((await linted(schema)).asked, [], 'no helm asks, so nothing need be refused');
    });
  }

  for (const [what, reference] of Object.entries(elsewhere)) {
    it(`lead out of the chart as ${what}, which no helm finds in it`, async () => {
      assert.deepEqual(outerReferences(a({ $ref: reference })), [
        { keyword: '$ref', address: reference, leadsTo: 'elsewhere' },
      ]);
      assert.deepEqual(await linted(a({ $ref: reference })), { isTaken: false, asked: [] });
    });
  }

  it('may be names of no place, for which no helm asks', async () => {
    assert.deepEqual(outerReferences(a({ $ref: 'urn:contoso:x' })), []);
    assert.deepEqual((await linted(a({ $ref: 'urn:contoso:x' }))).asked, []);
  });

  it('are found however deep they lie, and in what is no schema at all', () => {
    const deep = '['.repeat(100_000) + JSON.stringify({ $ref: remote }) + ']'.repeat(100_000);
    assert.equal(outerReferences(JSON.parse(deep)).length, 1);
    for (const nothing of [null, true, 'text', 1, [], {}]) assert.deepEqual(outerReferences(nothing), []);
  });
});
