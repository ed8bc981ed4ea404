import * as fc from 'fast-check';
import type { Handoff } from '../../../tasks/common/handoff/index.ts';
import { plainWord } from '../../../tasks/common/text/pasted.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });

export const digests = hex(64).map((digits) => `sha256:${digits}`);

/** Any text: all of Unicode, with line ends and tabs, without other control characters. */
export const texts = fc
  .string({ unit: 'binary', maxLength: 60 })
  .map((text) => text.replace(/[^\P{Cc}\t\r\n]/gu, '\n'));

const lines = texts.map((text) => text.replace(/[\t\r\n]/g, ' '));

/** What a free value may be: a word that no script acts on. */
export const words = fc.stringMatching(plainWord).filter((word) => plainWord.test(word));

/** Names of free variables that no rule refuses. */
export const variableNames = fc.stringMatching(/^x[A-Za-z0-9_]{0,12}$/);

const tags = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const versions = fc
  .tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.option(fc.stringMatching(/^[a-z0-9]{1,8}$/), { nil: undefined }))
  .map(([major, minor, patch, build]) => `${major}.${minor}.${patch}${build === undefined ? '' : `+${build}`}`);
const pathParts = fc.stringMatching(/^[a-z0-9]{1,10}(-[a-z0-9]{1,5})?$/);

const charts = fc
  .record({
    name: pathParts,
    version: versions,
    folder: pathParts,
    digest: digests,
    appVersion: fc.option(
      words.filter((word) => !/[,=]/.test(word)),
      { nil: undefined },
    ),
  })
  .map(({ name, version, folder, digest, appVersion }) => ({
    name,
    version,
    ...(appVersion !== undefined && { appVersion }),
    reference: `oci://contoso.azurecr.io/${folder}/${name}:${version.replace('+', '_')}`,
    digest,
  }));

const images = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/),
    repository: pathParts.map((path) => `contoso.azurecr.io/${path}`),
    tag: tags,
    digest: digests,
  },
  { noNullPrototype: true },
);

const runs = fc.record(
  {
    organization: fc.constant('https://dev.azure.com/contoso/'),
    projectId: fc.uuid(),
    pipelineId: fc.integer({ min: 1 }),
    pipelineName: lines.filter((text) => text !== ''),
    runId: fc.integer({ min: 1 }),
    runNumber: lines.filter((text) => text !== ''),
    branch: lines.map((text) => `refs/heads/${text}`),
    commit: hex(40),
    attempt: fc.integer({ min: 1, max: 9 }),
  },
  { noNullPrototype: true },
);

/** Sound handoffs without a seal. */
export const handoffs: fc.Arbitrary<Handoff> = fc
  .record({
    chart: charts,
    images: fc.uniqueArray(images, { maxLength: 4, selector: ({ name }) => name.toLowerCase() }),
    variables: fc.uniqueArray(fc.tuple(variableNames, words), {
      maxLength: 6,
      selector: ([name]) => name.toLowerCase(),
    }),
    run: runs,
    imgVersion: fc.option(tags, { nil: undefined }),
  })
  .map(({ chart, images: listed, variables, run, imgVersion }) => ({
    schemaVersion: 1,
    chartVersion: chart.version,
    ...(imgVersion !== undefined && { imgVersion }),
    chart,
    images: listed,
    variables: Object.fromEntries(variables),
    run,
  }));
