import { goJson } from '../go/json.ts';
import { type GoYamlValue, parseGoYaml } from '../go/yaml.ts';
import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';
import { isMap, listAt, type ManifestObject, type Mapping, mapAt, textAt } from './objects.ts';
import { customClusterKinds, isNamespaced } from './scopes.ts';

/** More than any chart renders; each document takes a millisecond. */
const mostDocuments = 5000;
/** The same with the items of lists, of which one document may have very many. */
const mostObjects = 20_000;
/** Of one document: a large definition of a custom resource has a third of it. */
const mostTokens = 600_000;
/** Of one document, and of all that have aliases, in characters and 100 for each value. */
const mostUnfolded = 64 * 1024 * 1024;

/** One document of a text of several. */
export interface ManifestDocument {
  readonly value: Mapping;
  readonly text: string;
  readonly source: string;
}

/**
 * The documents of a YAML text that hold something, each read as Helm and kubectl read it.
 * @param source the file's name, or how the source of a single document is told
 * @throws TaskError when one is no YAML, no mapping, or there are too many
 */
export function documentsIn(text: string, source: string | ((document: string) => string)): ManifestDocument[] {
  const texts = text
    .split(/(?:^|(?<=\n))---(?=\s|$)/)
    // Go's YAML ends a line there, and a comment too, so what follows is live.
    .map((document) => document.replaceAll(/[\u2028\u2029]/g, '\n'))
    .filter((document) => /^\s*[^\s#]/m.test(document));
  if (texts.length > mostDocuments) {
    throw new TaskError(`${nameOf(source, '')} holds more than the ${mostDocuments} documents that are read.`);
  }
  let left = mostUnfolded;
  return texts.flatMap((document) => {
    const name = nameOf(source, document);
    const value = parseGoYaml(document, name, { tokens: mostTokens, largest: left });
    // Only aliases make more of a text than it is.
    if (/[\s,[{]\*\w/.test(document)) left -= unfolded(value);
    if (value === null) return [];
    if (!isMap(value))
      throw new TaskError(`${name} holds a document that is no mapping, and so no object of Kubernetes.`);
    return [{ value, text: document, source: name }];
  });
}

/** How much a value is, in characters and 100 for each that it holds. */
function unfolded(value: GoYamlValue): number {
  if (typeof value === 'string') return 100 + value.length;
  if (typeof value !== 'object' || value === null) return 100;
  return Object.values(value).reduce<number>((sum, each) => sum + unfolded(each), 100);
}

function nameOf(source: string | ((document: string) => string), document: string): string {
  return typeof source === 'string' ? source : source(document);
}

/** Where helm says that a document comes from: `# Source: chart/templates/deployment.yaml`. */
export function templateOf(document: string): string {
  return /^\s*# Source: (\S[^\r\n]*)/.exec(document)?.[1]?.trim() ?? 'the rendered chart';
}

/**
 * The objects in documents, with the items of lists on their own: kyverno 1.19.1 ends at a list (`is not a list`).
 * @param namespace of objects that name none themselves
 * @param environment the values set that rendered them
 * @throws TaskError for what is no object, and for too many
 */
export function objectsOf(
  documents: readonly ManifestDocument[],
  { namespace, environment }: { readonly namespace: string; readonly environment: string },
): ManifestObject[] {
  const single = documents.flatMap((document) => itemsOf(document));
  if (single.length > mostObjects) {
    throw new TaskError(
      `There are ${single.length} objects, with the items of lists; at most ${mostObjects} are checked at a time.`,
    );
  }
  const custom = customClusterKinds(single.map(({ value }) => value));
  return single.map(({ value, text, source }, index) => {
    const [apiVersion, kind] = [textAt(value, 'apiVersion'), textAt(value, 'kind')];
    if (apiVersion === '' || kind === '') {
      const lack = kind === '' ? 'kind' : 'apiVersion';
      throw new TaskError(`${source} holds a document without ${lack}, which is no object of Kubernetes.`);
    }
    const metadata = metadataOf(value, source);
    // Two objects without a name end kyverno 1.19.1 (`already exists`); the API server would make one up, too.
    const name = textAt(metadata, 'name') || `${textAt(metadata, 'generateName') || `${kind.toLowerCase()}-`}${index}`;
    const own = isNamespaced(apiVersion, kind, custom) ? textAt(metadata, 'namespace') || namespace : '';
    const { namespace: _given, ...others } = metadata;
    const whole = { ...withoutNulls(value), metadata: { ...others, name, ...(own !== '' && { namespace: own }) } };
    return { apiVersion, kind, namespace: own, name, value: whole, text, source, environments: [environment] };
  });
}

/** @throws TaskError for a name that is no text: the API server refuses it, and here the object would get another one */
function metadataOf(value: Mapping, source: string): Mapping {
  const metadata = withoutNulls(mapAt(value, 'metadata'));
  for (const field of ['name', 'namespace', 'generateName']) {
    const given = metadata[field];
    if (given === undefined || typeof given === 'string') continue;
    throw new TaskError(
      `${source} holds an object of the kind ${shown(textAt(value, 'kind'))} whose metadata.${field} is no text (${shown(goJson(given))}): quote it.`,
    );
  }
  if (textAt(value, 'apiVersion') !== 'v1' || textAt(value, 'kind') !== 'Namespace') return metadata;
  // Every Namespace gets it of the API server, and gator 3.23.1 chooses namespaces by the labels of the object.
  const labels = { ...mapAt(metadata, 'labels'), 'kubernetes.io/metadata.name': textAt(metadata, 'name') };
  return { ...metadata, labels };
}

/**
 * A mapping without fields that hold nothing, as a template leaves `volumes:` when it has none. The API server drops them before any
 * policy sees the object; the engines alone would take null for a value: Rego for one that is true, CEL for one of a wrong type.
 */
function withoutNulls(value: Mapping): Mapping {
  const filled = Object.entries(value).filter(([, held]) => held !== null);
  return Object.fromEntries(filled.map(([name, held]) => [name, inner(held)]));
}

function inner(value: GoYamlValue): GoYamlValue {
  if (Array.isArray(value)) return value.map(inner);
  return isMap(value) ? { ...withoutNulls(value) } : value;
}

/**
 * Items of a List are objects of their own; those of a list of a kind, such as a SecretList, need not say what they are
 * (k8s.io/apimachinery, pkg/apis/meta/v1/unstructured: decodeToList).
 */
export function itemsOf<T extends ManifestDocument>(document: T): T[] {
  const { value, source } = document;
  const kind = textAt(value, 'kind');
  if (!kind.endsWith('List') || !Array.isArray(value['items'])) return [document];
  const usual = { apiVersion: value['apiVersion'] ?? '', kind: kind.slice(0, -'List'.length) };
  return listAt(value, 'items').flatMap((item) => {
    if (!isMap(item)) throw new TaskError(`${source} holds a ${shown(kind)} with an item that is no object.`);
    // The list's text has other paths than its items.
    return itemsOf({ ...document, value: { ...usual, ...item }, text: '' });
  });
}
