import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { SampleRepository } from '../../delivery/index.ts';
import { realProgram } from '../../real/index.ts';
import { askGator, askKyverno, policiesFolder } from './engines.ts';
import type { Fields } from './pods.ts';

interface Rendered extends Fields {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template?: Fields };
}

/** gator judges pods alone. */
const podsOf = (objects: readonly Rendered[]): Fields[] =>
  objects.flatMap((object) => {
    if (object.kind === 'Pod') return [object];
    const template = object.spec?.template;
    return template === undefined ? [] : [{ ...template, apiVersion: 'v1', kind: 'Pod', metadata: object.metadata }];
  });

/** By kyverno, and by gator: the names of objects, each with the policies that refuse it. */
const refusals = async (objects: readonly Rendered[]): Promise<(readonly [string, readonly string[]])[][]> => {
  const pods = podsOf(objects);
  assert.equal(pods.length, 2, 'the pods of the deployment and of the test');
  const [byKyverno, byGator] = await Promise.all([
    askKyverno([path.join(policiesFolder, 'kyverno')], objects),
    askGator([path.join(policiesFolder, 'gatekeeper')], pods),
  ]);
  return [[...byKyverno], [...byGator]];
};

describe('The chart of the example application', () => {
  let folder: string;
  let sample: SampleRepository;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sample-app-'));
    sample = new SampleRepository(path.join(folder, 'go-template-app'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** All objects of the chart, its test's pod included, as the real helm makes them for production. */
  async function rendered(...set: string[]): Promise<Rendered[]> {
    const chart = path.join(sample.folder, 'charts/go-template-app');
    const values = path.join(sample.folder, 'deploy/production.yaml');
    const args = ['template', 'shop', chart, '--namespace', 'shop', '--values', values];
    const settings = set.flatMap((each) => ['--set', each]);
    const { stdout } = await promisify(execFile)(await realProgram('helm-4.2'), [...args, ...settings]);
    return parseAllDocuments(stdout).map((document) => document.toJS() as Rendered);
  }

  it('keeps to the restricted standard, in the eyes of both engines', async () => {
    assert.deepEqual(await refusals(await rendered()), [[], []]);
  });

  it('is refused by the one rule that a privileged container breaks, at all its pods', async () => {
    const refused = ['shop-go-template-app', 'shop-go-template-app-connection'].map((name) => [
      name,
      ['baseline-privileged-containers'],
    ]);
    const [byKyverno, byGator] = await refusals(await rendered('securityContext.privileged=true'));
    assert.deepEqual(byKyverno?.sort(), refused);
    assert.deepEqual(byGator?.sort(), refused);
  });
});
