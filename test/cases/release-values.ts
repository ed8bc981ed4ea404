import assert from 'node:assert/strict';
import path from 'node:path';
import * as fc from 'fast-check';
import type { StepResult } from '../agent/index.ts';
import { chartArchive } from '../bench/chart-steps.ts';
import { loginServer } from '../bench/pipeline.ts';
import { assertGood, sharedRelease, withHelm, type StartReleases } from '../bench/release-cases.ts';
import { writeFiles } from '../bench/write-files.ts';
import { ClusterTools } from '../players/azure/cluster-tools.ts';
import type { ProgramId } from '../real/index.ts';
import { oddText, onOneLine } from '../unit/values/odd-texts.ts';

const chart = `oci://${loginServer}/helm/plain:1.0.0`;
const megabyte = 1024 * 1024;

/** Declares that the values of a release are those that were written, as `helm get values` reads them from the cluster. */
export function valuesOfDeploy(start: StartReleases, ids: readonly ProgramId[]): void {
  let tools: ClusterTools;
  const pipeline = sharedRelease(start, {}, async ({ azure, cluster, registry }) => {
    const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n';
    const map = { name: 'plain/templates/map.yaml', body: template, mtime: 1_700_000_000 };
    const archive = chartArchive('plain', '1.0.0', '', map);
    await registry.seedChart('helm', { name: 'plain', version: '1.0.0', archive });
    tools = new ClusterTools(azure, cluster);
  });
  after(() => tools.close());

  for (const id of ids) {
    const releaseName = `values-${id.replace('.', '-')}`;
    const deploy = async (inputs: Record<string, string>): Promise<StepResult> =>
      assertGood(await pipeline().deploy({ chart, releaseName, ...inputs }, await withHelm(id)));
    const seen = async (): Promise<unknown> => {
      return JSON.parse(await tools.out(id, 'get', 'values', releaseName, '--namespace=shop', '--output=json'));
    };
    const source = (name: string, content: string): string => {
      const folder = writeFiles(path.join(pipeline().job.folders.sources, 'values'), { [name]: content });
      return path.join(folder, name);
    };

    it(`${id} gets odd texts as they are written, from every input`, async () => {
      const many = fc.array(oddText, { minLength: 10, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(many, many, many, many, async (files, texts, secrets, contents) => {
          const { variables } = pipeline().job;
          const strings = texts.map((text) => onOneLine(withoutNull(text)));
          const secret = secrets.map((text) => secretOf(withoutNull(`s3cret ${text}`)));
          for (const [index, value] of secret.entries()) variables.set(`secret${index}`, value, { secret: true });
          const step = await deploy({
            valueFiles: source('odd.json', escaped({ files, end: 'overwritten' })),
            values: escaped({ inline: files }),
            // The agent trims inputs, not lines.
            setString: `${listed('strings', strings)}\nend=.`,
            setFile: listed(
              'contents',
              contents.map((content, index) => source(`content-${index}`, content)),
            ),
            setSecret: secret.map((_value, index) => `secret[${index}]=$(secret${index})`).join('\n'),
          });
          assert.deepEqual(pipeline().job.secretLeaks(step), []);
          assert.equal(variables.get('variable'), undefined);
          assert.deepEqual(await seen(), { files, inline: files, strings, contents, secret, end: '.' });
        }),
        { numRuns: 2, endOnFailure: true },
      );
    });

    it(`${id} gets a megabyte, and nothing of what an earlier run set`, async () => {
      const line = 'a "b", $(c) ##vso[task.complete result=Failed]\n';
      const large = line.repeat(Math.floor(megabyte / line.length));
      await deploy({ setFile: `large=${source('large', large)}`, set: 'count=3\non=true\nnothing=null' });
      assert.deepEqual(await seen(), { large, count: 3, on: true, nothing: null });
      await deploy({ set: 'other=1' });
      assert.deepEqual(await seen(), { other: 1 });
      await deploy({});
      assert.deepEqual((await seen()) ?? {}, {});
    });

    it(`${id} gets values in the order of the inputs`, async () => {
      const every = ['file', 'values', 'set', 'setString', 'setFile', 'setSecret'];
      const below = (from: number): string[] => every.slice(from);
      const last = ' of two lines,\nwhich ends as it does \n';
      pipeline().job.variables.set('last', last, { secret: true });
      await deploy({
        valueFiles: `${source('1.yaml', each(every, ': ', 'first'))}\n${source('2.yaml', each(every, ': ', 'file'))}`,
        values: each(below(1), ': ', 'values'),
        set: each(below(2), '=', 'set'),
        setString: each(below(3), '=', 'setString'),
        setFile: each(below(4), '=', source('by-file', 'setFile')),
        setSecret: 'setSecret=$(last)',
      });
      const own = Object.fromEntries(every.map((name) => [name, name]));
      assert.deepEqual(await seen(), { ...own, setSecret: last });
    });
  }
}

/** A line for each name. */
const each = (names: readonly string[], sign: string, value: string): string =>
  names.map((name) => `${name}${sign}${value}`).join('\n');

const withoutNull = (text: string): string => text.replaceAll('\0', '');

/** A secret of one line ends with it. */
const secretOf = (text: string): string => (text.trim().includes('\n') ? text : onOneLine(text));

/** JSON with every odd character escaped: YAML takes some of them in no other form. */
function escaped(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines for an input that set items of a list. */
const listed = (name: string, values: readonly string[]): string =>
  values.map((value, index) => `${name}[${index}]=${value}`).join('\n');
