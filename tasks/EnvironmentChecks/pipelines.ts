import type { Values } from '../common/devops/rest.ts';
import { eachInParallel } from '../common/task/parallel.ts';
import { visible } from '../common/text/shown.ts';
import { firstOf } from './approvers.ts';
import type { Explain } from './refusals.ts';
import { type EnvironmentService, numberIn } from './service.ts';

/** The pipelines that the file names. */
export interface Pipelines {
  /** By what it names them with. */
  readonly found: ReadonlyMap<number | string, { readonly id: number; readonly name: string }>;
  /** A sentence for every one that is not there, or there more than once. */
  readonly faults: readonly string[];
}

/** Names that are looked up at a time. */
const width = 8;

/** Looks up each pipeline once; all ids in one request. */
export async function pipelinesNamed(
  wanted: readonly (number | string)[],
  service: EnvironmentService,
  explain: Explain,
): Promise<Pipelines> {
  const refused = explain({ doing: 'list the pipelines of the project' });
  const found = new Map<number | string, { id: number; name: string }>();
  const faults: string[] = [];
  const ids = [...new Set(wanted)].filter((each) => typeof each === 'number');
  const known = ids.length === 0 ? [] : await service.pipelinesWithIds(ids).catch(refused);
  for (const id of ids) {
    const name = known.find((each) => numberIn(each['id']) === id)?.['name'];
    if (typeof name === 'string') found.set(id, { id, name });
    else faults.push(`The project has no pipeline ${id}, or this identity may not see it (View builds).`);
  }
  const texts = [...new Set(wanted)].filter((each) => typeof each === 'string');
  const named = await eachInParallel(texts, width, async (text) => {
    const parts = partsOf(text);
    return { text, ...parts, all: await service.pipelinesNamed(parts.name).catch(refused) };
  });
  for (const { text, folder, name, all: similar } of named) {
    const all = similar.filter((each) => isNamed(each, name));
    const exact = all.filter(({ path }) => folder === undefined || folderOf(path) === folder.toLowerCase());
    const id = numberIn(exact[0]?.['id']);
    if (exact.length === 1 && id !== undefined) found.set(text, { id, name });
    else faults.push(exact.length > 0 ? manyFault(text, exact) : noneFault(text, all));
  }
  return { found, faults: firstOf(faults) };
}

/** What is said of pipelines that the file does not name, by `pipeline 77`; what cannot be found out is left out. */
export async function namesOfPipelines(
  ids: readonly number[],
  service: EnvironmentService,
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await service.pipelinesWithIds(ids.slice(0, 100)).catch(() => []);
  return new Map(found.map((each) => [`pipeline ${String(each['id'])}`, `pipeline ${listed([each])}`]));
}

/** `\team\orders-cd` and `team/orders-cd` are the pipeline orders-cd in the folder team. */
function partsOf(text: string): { folder: string | undefined; name: string } {
  const parts = text.split(/[\\/]/).filter(Boolean);
  const name = parts.pop() ?? '';
  return { folder: parts.length === 0 && !/^[\\/]/.test(text) ? undefined : parts.join('\\'), name };
}

const folderOf = (path: unknown): string => (typeof path === 'string' ? path.replace(/^\\/, '').toLowerCase() : '');

const isNamed = (pipeline: Values, name: string): boolean =>
  typeof pipeline['name'] === 'string' && pipeline['name'].toLowerCase() === name.toLowerCase();

function manyFault(text: string, candidates: readonly Values[]): string {
  return `The pipeline '${visible(text)}' is not the name of exactly one: ${listed(candidates)}; give it with its folder, or its id.`;
}

/** @param elsewhere those of its name in other folders */
function noneFault(text: string, elsewhere: readonly Values[]): string {
  const none = `The project has no pipeline '${visible(text)}'`;
  if (elsewhere.length > 0) return `${none}, but ${listed(elsewhere)}: correct the folder, or give the id.`;
  const advice = /^\d+$/.test(text) ? 'an id is written without quotes' : 'correct the name, or give the id';
  return `${none}, or this identity may not see it (View builds): ${advice}.`;
}

function listed(pipelines: readonly Values[]): string {
  const all = pipelines.map(({ id, path, name }) => visible(`${folderOf(path)}\\${String(name)} (${String(id)})`));
  return all.slice(0, 10).join('; ');
}
