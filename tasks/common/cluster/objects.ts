import { isMapping } from '../go/mapping.ts';
import { TaskError } from '../task/outcome.ts';

/** What an API server sends: foreign text, of which the types here were checked and nothing else. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The fields of `metadata` that somebody here reads; what has another type than it should have is left out. */
export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Changes with every write; sent back with an object it makes the write fail if somebody else wrote meanwhile. */
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  /** Of a list: what the next page is asked for with. */
  readonly continue?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const textFields = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'continue',
];
const mapFields = ['labels', 'annotations'];

/** A parsed answer as an object of Kubernetes; undefined when it is none. Items of a list have neither kind nor apiVersion. */
export function objectIn(value: unknown): KubernetesObject | undefined {
  if (!isMapping(value)) return undefined;
  const { kind, apiVersion, metadata = {} } = value;
  if (!isTextOrNone(kind) || !isTextOrNone(apiVersion) || !isMapping(metadata)) return undefined;
  return { ...value, metadata: checkedMeta(metadata) };
}

/** What an API server (1.35) answers for an API group that it does not have, with status 404. */
const noSuchGroup = '404 page not found';

/**
 * Every other answer of an API server, errors included, is an object with kind and apiVersion; undefined for anything else.
 */
export function answeredObject(text: string): KubernetesObject | undefined {
  if (text.trim() === noSuchGroup) {
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, reason: 'NotFound', message: noSuchGroup };
  }
  const object = objectIn(parsed(text));
  return object?.kind === undefined || object.apiVersion === undefined ? undefined : object;
}

/**
 * Values and members of one answer. Those of real objects have some 30 bytes each; without a limit an answer of `{},{},…`
 * takes more than thirty times its size in memory.
 */
const mostParts = 4_000_000;

/** The value of a JSON text; undefined when it is none. @throws TaskError when it has too many parts for the memory */
export function parsed(text: string): unknown {
  if (text.length > mostParts && hasTooMany(text)) {
    throw new TaskError(
      `The API server sent an answer of more than ${mostParts} values, the most that is read at once.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each value but the first stands behind one of these; those within texts count, too. */
const beginnings = new Set(Array.from('{[,', (mark) => mark.charCodeAt(0)));

function hasTooMany(text: string): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (beginnings.has(text.charCodeAt(at))) count += 1;
  return count > mostParts;
}

function checkedMeta(meta: Record<string, unknown>): ObjectMeta {
  const wrong = (name: string): boolean =>
    (textFields.includes(name) && typeof meta[name] !== 'string') || (mapFields.includes(name) && !isTexts(meta[name]));
  const names = Object.keys(meta);
  if (!names.some(wrong)) return meta;
  return Object.fromEntries(names.filter((name) => !wrong(name)).map((name) => [name, meta[name]]));
}

function isTexts(value: unknown): boolean {
  return isMapping(value) && Object.values(value).every((member) => typeof member === 'string');
}

const isTextOrNone = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';
