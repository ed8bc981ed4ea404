import { chartReference, parseChartReference } from '../registry/reference.ts';
import { TaskError } from '../task/outcome.ts';
import { checkVersion, checkWord } from '../task/outputs.ts';
import { shown, visible } from '../text/shown.ts';
import { checkFileList } from './files.ts';
import { checkVariableName, refuseTwins } from './names.ts';
import { type JsonObject, type JsonValue, readJson } from './read-json.ts';
import { checkSchema, type Handoff } from './schema.ts';
import { isMapping } from '../go/mapping.ts';

/** The file's two-field ancestor: `jq -n '{chartVersion: $c, imgVersion: $i}'`. */
export interface TwoFieldHandoff {
  readonly chartVersion: string;
  readonly imgVersion: string;
}

export const handoffFileName = 'variables.json';

/** What a file turned out to be. */
export type ReadHandoff =
  | { readonly form: 'version 1'; readonly handoff: Handoff }
  | { readonly form: 'two fields'; readonly handoff: TwoFieldHandoff };

const longestField = 256;

/**
 * Reads variables.json, trusting nothing in it.
 * @throws TaskError when it is no handoff of a known version, or contradicts itself.
 */
export function readHandoff(bytes: Uint8Array): ReadHandoff {
  const value = readJson(bytes, handoffFileName);
  if (!isMapping(value)) throw new TaskError(`${handoffFileName} holds no JSON object, so it is no handoff.`);
  if (!('schemaVersion' in value)) return { form: 'two fields', handoff: twoFields(value) };
  if (value['schemaVersion'] !== 1) {
    throw new TaskError(
      `${handoffFileName} has schemaVersion ${visible(JSON.stringify(value['schemaVersion']))}; this task reads version 1. ` +
        'Use the same major version of HandoffPublish and HandoffImport.',
    );
  }
  return { form: 'version 1', handoff: checkedHandoff(value) };
}

/** @throws TaskError when the value does not fit the schema or contradicts itself. */
export function checkedHandoff(value: unknown): Handoff {
  const { variables, chart } = isMapping(value) ? value : {};
  // Before the schema, whose message would only say that a form is not allowed.
  if (isMapping(variables)) Object.entries(variables).forEach(checkVariable);
  const appVersion = isMapping(chart) ? chart['appVersion'] : undefined;
  if (typeof appVersion === 'string') checkVersion('The appVersion', appVersion);
  checkSchema(value);
  refuseTwins(Object.keys(value.variables), 'variables');
  refuseTwins(
    value.images.map(({ name }) => name),
    'images',
  );
  checkFileList(value.files ?? []);
  checkChart(value);
  return value;
}

function checkVariable([name, value]: [string, unknown]): void {
  checkVariableName(name);
  if (typeof value !== 'string') return;
  checkWord(`The variable ${name}`, value, ' Give other text in base64, or as a file in the artifact.');
}

/** The members that say the same must agree: a half-edited file is the most likely one. */
function checkChart({ chart, chartVersion }: Handoff): void {
  if (chartVersion !== chart.version) {
    throw new TaskError(
      `${handoffFileName} contradicts itself: chartVersion is ${shown(chartVersion)}, chart.version ${shown(chart.version)}. Somebody edited it.`,
    );
  }
  const { registry, repository } = parseChartReference(chart.reference);
  const expected = chartReference(registry, repository, chart.version);
  if (chart.reference !== expected || repository.split('/').at(-1) !== chart.name) {
    throw new TaskError(
      `${handoffFileName} contradicts itself: chart.reference ${shown(chart.reference)} is not chart ${chart.name} ` +
        `in version ${chart.version}. Somebody edited it.`,
    );
  }
}

function twoFields(value: JsonObject): TwoFieldHandoff {
  const { chartVersion, imgVersion, ...others } = value;
  if (!isField(chartVersion) || !isField(imgVersion) || Object.keys(others).length > 0) {
    throw new TaskError(
      `${handoffFileName} has no schemaVersion, and is not the file of two texts, chartVersion and imgVersion, either. ` +
        'Write it with HandoffPublish@1.',
    );
  }
  return { chartVersion, imgVersion };
}

function isField(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.length <= longestField && /^[^\p{Cc}]+$/u.test(value);
}
