import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { KubernetesObject } from '../cluster/client.ts';
import { parsed } from '../cluster/objects.ts';
import { firstDocument } from '../go/document.ts';
import { TaskError } from '../task/outcome.ts';
import { field, list, text } from './fields.ts';
import { isCustom } from './kinds.ts';
import type { Recorded } from './seen-objects.ts';
import { nameOf, type ObjectName, type SeenObject } from './view.ts';

/** An object that helm's record names. */
export interface RecordedObject extends ObjectName {
  readonly apiVersion: string;
  readonly isHook: boolean;
  /** Of a workload that says how many pods it wants. */
  readonly replicas?: number;
}

/** What is kept of helm's record of a revision. */
export interface ReleaseRecord {
  readonly objects: readonly RecordedObject[];
  /** Whether all of it could be read. */
  readonly isWhole: boolean;
  /** Whether all that its Secrets hold is kept out of what is shown; it is not if absent. */
  readonly areMasked?: boolean;
}

/** Says of an object whether the record names it. Where not all of it could be read, an object may be named there. */
export function recordedIn({ objects, isWhole }: ReleaseRecord): Recorded {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  return (name) => {
    const recorded = byKey.get(keyOf(name));
    if (recorded?.isHook === true) return 'hook';
    return recorded === undefined && isWhole ? 'not named' : 'named';
  };
}

/** Says how many pods a record wants of a workload, or of the one that it names. */
export function replicasIn(record: ReleaseRecord | undefined): (workload: SeenObject) => number | undefined {
  const byKey = new Map(record?.objects.map((object) => [keyOf(object), object.replicas ?? 1]));
  return (workload) => byKey.get(keyOf(nameOf(workload)));
}

/** Kinds of custom resources, whose controllers may make what is not there yet; undefined where not all are known. */
export function customKindsIn(record: ReleaseRecord | undefined): readonly string[] | undefined {
  const custom = (record?.isWhole ? record.objects : undefined)?.filter(({ apiVersion }) => isCustom(apiVersion));
  return custom && [...new Set(custom.map(({ kind }) => kind))];
}

const keyOf = ({ kind, namespace, name }: ObjectName): string => `${kind}/${namespace}/${name}`;

/** A record has at most 1 MiB packed; real ones unpack to a tenth of this. In bytes. */
const mostUnpacked = 32 * 1024 * 1024;
/** More than any chart has; each document takes a millisecond. */
const mostDocuments = 5000;

/** Tells what Secret objects of a release hold. */
export type SecretFound = (secret: unknown) => void;

/**
 * Reads the Secret in which helm keeps a revision (helm/helm, pkg/storage/driver/util.go: base64 of gzip of JSON, and base64
 * again as a Secret's data). Values and templates in it are dropped.
 * @param found is called for each Secret object of the chart
 * @throws TaskError when it is no such record, or larger than is read
 */
export async function readRecord(
  secret: KubernetesObject,
  namespace: string,
  found: SecretFound,
): Promise<ReleaseRecord> {
  const packed = Buffer.from(text(field(secret['data'], 'release')), 'base64').toString('latin1');
  const release = parsed(await unpacked(Buffer.from(packed, 'base64')));
  // A chart that renders nothing, or hooks alone, has none: helm leaves out what is empty (helm/helm, pkg/release/v1).
  const manifest = field(release, 'manifest') ?? (text(field(release, 'name')) === '' ? undefined : '');
  if (typeof manifest !== 'string')
    throw new TaskError("helm's record of the revision has no manifest that can be read.");
  const hooks = list(field(release, 'hooks')).map((hook) => text(field(hook, 'manifest')));
  const reader = new ManifestReader(namespace, found);
  await reader.read(manifest, false);
  for (const hook of hooks) await reader.read(hook, true);
  return { objects: reader.objects, isWhole: reader.isWhole };
}

async function unpacked(bytes: Buffer): Promise<string> {
  // Helm reads records without gzip, too, as early versions wrote them.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: mostUnpacked })).toString('utf8');
  } catch {
    throw new TaskError(`helm's record of the revision is damaged, or unpacks to more than ${mostUnpacked} bytes.`);
  }
}

function fail(problem: string): never {
  throw new TaskError(problem);
}

/** Reads what helm rendered, document by document. */
class ManifestReader {
  readonly objects: RecordedObject[] = [];
  isWhole = true;
  readonly #namespace: string;
  readonly #found: SecretFound;
  #count = 0;

  constructor(namespace: string, found: SecretFound) {
    this.#namespace = namespace;
    this.#found = found;
  }

  async read(manifest: string, isHook: boolean): Promise<void> {
    for (const document of manifest.split(/^---/m)) {
      this.#count += 1;
      if (this.#count > mostDocuments) this.isWhole = false;
      else this.#take(this.#parsed(document), isHook);
      // A large document takes a second: whoever waits meanwhile, such as for the Lease, gets a turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #parsed(document: string): unknown {
    try {
      return firstDocument(document, { schema: 'failsafe', others: 'unread' }, fail)?.toJS();
    } catch {
      this.isWhole = false;
      return undefined;
    }
  }

  /**
   * Of a List helm makes its items; those of a list of a kind, such as a SecretList, need not say what they are
   * (k8s.io/cli-runtime, pkg/resource/builder.go: Flatten; apimachinery, pkg/apis/meta/v1/unstructured: decodeToList).
   */
  #take(object: unknown, isHook: boolean, usual: Partial<RecordedObject> = {}): void {
    const kind = text(field(object, 'kind')) || (usual.kind ?? '');
    const apiVersion = text(field(object, 'apiVersion')) || (usual.apiVersion ?? '');
    const name = field(object, 'metadata', 'name');
    const items = list(field(object, 'items'));
    if (kind.endsWith('List') && items.length > 0) {
      const ofItems = { kind: kind.slice(0, -'List'.length), apiVersion };
      return items.forEach((item) => this.#take(item, isHook, ofItems));
    }
    // It is put together of others, in a way that is not read here.
    if (field(object, '<<') !== undefined) this.isWhole = false;
    // Also one whose name the API server makes (`generateName`).
    if (kind === 'Secret') this.#found(object);
    if (kind === '' || text(name) === '') return;
    const namespace = text(field(object, 'metadata', 'namespace')) || this.#namespace;
    const replicas = Number(text(field(object, 'spec', 'replicas')) || NaN);
    this.objects.push({
      kind,
      apiVersion,
      name: text(name),
      namespace,
      isHook,
      ...(Number.isInteger(replicas) && { replicas }),
    });
  }
}
