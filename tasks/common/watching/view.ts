import type { KubernetesObject } from '../cluster/client.ts';
import type { ReleaseName } from '../rollout/history.ts';

/** How an object of the cluster is named in messages and found again. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object of the cluster with its kind, which lists leave out. All of it is what the cluster says: foreign text. */
export interface SeenObject extends KubernetesObject {
  readonly kind: string;
  readonly apiVersion: string;
}

/** What the cluster told of an object since the run began. */
export interface SeenEvent {
  readonly type: 'Normal' | 'Warning';
  /** Such as `FailedScheduling`. */
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastAt: Date | undefined;
}

/** The end of what a container printed. */
export interface LogTail {
  /** Whether it is of the container before the last restart. */
  readonly previous: boolean;
  readonly lines: readonly string[];
}

/** A release as the cluster shows it at a moment: its objects, what they made, and what is said of them. */
export interface ReleaseView {
  readonly release: ReleaseName;
  /** The revision that helm makes. */
  readonly revision: number;
  /** When the run began to look, by the API server's clock. */
  readonly since: Date;
  /** How far that clock is ahead of this machine's, in ms; undefined where it is not known. */
  readonly clockAheadMs?: number | undefined;
  /** The objects of the release that are there, hooks among them. */
  readonly objects: readonly SeenObject[];
  /** Those of the release's record that are not there; undefined where the record is not known. */
  readonly missing: readonly ObjectName[] | undefined;
  /** How many pods the chart wants of a workload: 1 where it does not say; undefined where the record is not known. */
  chartReplicasOf?(workload: SeenObject): number | undefined;
  /**
   * What an object made, one step down: by owner references; besides, the EndpointSlices of a Service and the claims of a
   * StatefulSet's templates.
   */
  childrenOf(object: SeenObject): readonly SeenObject[];
  /** Events of this run alone, oldest first. */
  eventsOf(object: SeenObject): readonly SeenEvent[];
  /** Undefined when it was not read. */
  logOf(pod: SeenObject, container: string): LogTail | undefined;
  /** Kinds of custom resources that the release's record has; undefined where the record is not known. */
  readonly customKinds?: readonly string[] | undefined;
  /**
   * It is not known what the release's Secrets hold, so that it is not masked: what its programs say is shown to nobody. Absent
   * where it is known.
   */
  readonly isUnmasked?: true | undefined;
  /** What a diagnosis looks up besides; undefined where it may not be read, or was not asked for. */
  readonly nodes: readonly SeenObject[] | undefined;
  /** What cannot be seen, a sentence each, such as that events may not be listed. */
  readonly blind: readonly string[];
}

/** The name of an object that is seen. */
export function nameOf({ kind, metadata: { namespace = '', name = '' } }: SeenObject): ObjectName {
  return { kind, namespace, name };
}

/** Such as `Deployment shop`. */
export const titleOf = ({ kind, name }: ObjectName): string => `${kind} ${name}`;
