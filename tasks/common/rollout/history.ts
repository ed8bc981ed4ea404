import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { type DeliveryLabels, deliveryLabels, failedRevision } from './labels.ts';

/** A release of a namespace. */
export interface ReleaseName {
  readonly name: string;
  readonly namespace: string;
}

/** What helm's record of a revision says in its labels. What is rolled out, values included, is not looked at. */
export interface Revision {
  /** From 1; it grows by one with every upgrade and roll-back. */
  readonly number: number;
  /** Such as `deployed`, `failed`, `superseded`, `pending-upgrade`; helm knows which others. */
  readonly status: string;
  /** When the API server took the record, by its own clock. */
  readonly createdAt: Date | undefined;
  /** When helm last wrote it, by the clock of helm's machine; undefined before the first change. */
  readonly modifiedAt: Date | undefined;
  readonly labels: DeliveryLabels;
  /** Whether a step wrote down that it failed (failed-revision.ts): helm calls it superseded once another one is good. */
  readonly isKnownBad: boolean;
  readonly secretName: string;
  /** By which writes say that they are about this record as it was seen, and not about what another run made since. */
  readonly record: { readonly uid: string; readonly resourceVersion: string };
}

/** What of the cluster's client helm's records are read, labelled and dropped with. */
export interface ReleaseRecords {
  list(
    path: string,
    selection: { readonly labelSelector: string; readonly fieldSelector: string; readonly metadataOnly: boolean },
    limits: Limits,
  ): Promise<{ readonly items: readonly { readonly metadata: RecordMeta }[] }>;
  patch(path: string, patch: object, type: 'merge', limits: Limits): Promise<unknown>;
  /** Also ends well where there is no such object. */
  delete(path: string, options: { readonly preconditions: Revision['record'] }, limits: Limits): Promise<void>;
}

/** With the signal no request is sent again. */
interface Limits {
  readonly signal?: AbortSignal;
}

interface RecordMeta {
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Path of the Secrets among which helm keeps its records. */
export const secretsPath = (namespace: string): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;

/**
 * The revisions of a release that helm still has, oldest first; none for a release that is not there. Only metadata is
 * asked for: what the records hold is secret, and the labels say what counts (helm/helm, pkg/storage/driver/secrets.go).
 * @throws TaskError where the labels of a record cannot be helm's, since nobody knows then what is there.
 */
export async function readHistory(
  client: Pick<ReleaseRecords, 'list'>,
  { name, namespace }: ReleaseName,
  limits: Limits = {},
): Promise<Revision[]> {
  const selection = {
    labelSelector: `owner=helm,name=${name}`,
    fieldSelector: 'type=helm.sh/release.v1',
    metadataOnly: true,
  };
  const { items } = await client.list(secretsPath(namespace), selection, limits);
  return items
    .map(({ metadata }) => revisionOf(metadata, { name, namespace }))
    .sort((one, other) => one.number - other.number);
}

function revisionOf(metadata: RecordMeta, release: ReleaseName): Revision {
  const { name = '', labels = {}, creationTimestamp, uid = '', resourceVersion = '' } = metadata;
  const { version = '', status = '', modifiedAt = '' } = labels;
  // Helm finds a record by this name, whatever its labels say.
  const isHelms = /^[1-9]\d{0,8}$/.test(version) && name === `sh.helm.release.v1.${release.name}.v${version}`;
  if (!isHelms || !/^[a-z][a-z-]*$/.test(status)) {
    throw new TaskError(
      `The Secret ${visible(name)} in namespace ${release.namespace} should be helm's record of a revision of ` +
        `${release.name}, but its labels say version '${visible(version)}' and status '${visible(status)}': somebody changed ` +
        `it. Compare with helm history ${release.name}, and correct its labels or delete the Secret.`,
    );
  }
  return {
    number: Number(version),
    status,
    createdAt: dateOf(Date.parse(creationTimestamp ?? '')),
    modifiedAt: /^\d{1,12}$/.test(modifiedAt) ? dateOf(Number(modifiedAt) * 1000) : undefined,
    labels: deliveryLabels(labels),
    isKnownBad: failedRevision(labels) === version,
    secretName: name,
    record: { uid, resourceVersion },
  };
}

function dateOf(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The newest revision that has one of these statuses. */
export function newest(history: readonly Revision[], ...statuses: readonly string[]): Revision | undefined {
  return history.findLast(({ status }) => statuses.includes(status));
}

/** The revision that a release which is stuck goes back to: what is deployed, else the newest that was good once. */
export function lastGood(history: readonly Revision[]): Revision | undefined {
  return newest(history, 'deployed') ?? history.findLast(wasGood);
}

/** Whether it was good and made room for another one. */
export const wasGood = ({ status, isKnownBad }: Revision): boolean => status === 'superseded' && !isKnownBad;

/** Helm is at work on this revision, or was when it ended; it refuses every upgrade meanwhile. */
export const isPending = ({ status }: Revision): boolean => status.startsWith('pending-');

/** Whether the next upgrade is an install: there is no release, or only the history that an uninstall kept. */
export function isFirst(history: readonly Revision[]): boolean {
  const last = history.at(-1);
  return last === undefined || last.status === 'uninstalled';
}
