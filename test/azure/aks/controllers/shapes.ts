import type { Fields, KubernetesObject, Metadata } from '../objects.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

export interface PodTemplate {
  readonly metadata?: Partial<Metadata>;
  readonly spec: Fields;
}

/** What the controllers look at in objects that have pods. */
export interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: PodTemplate;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly [field: string]: unknown };
}

/** What the node looks at in a container of a pod. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
}

export interface Pod extends KubernetesObject {
  readonly spec: {
    readonly containers?: readonly Container[];
    readonly restartPolicy?: string;
    readonly nodeName?: string;
    readonly [field: string]: unknown;
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly [field: string]: unknown;
  };
}

/** The time as objects carry it. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

export function isReady({ status, metadata }: Pod): boolean {
  const isLeaving = metadata.deletionTimestamp !== undefined;
  return !isLeaving && (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

export function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function conditionOf({ status }: Workload, type: string): Condition | undefined {
  return status?.conditions?.find((one) => one.type === type);
}

/** A list of conditions in which those that did not change keep their times. */
export function conditions(old: readonly Condition[] = [], wanted: readonly Condition[]): Condition[] {
  return wanted.map((one) => {
    const before = old.find(({ type }) => type === one.type);
    const isSame = before?.status === one.status && before.reason === one.reason && before.message === one.message;
    if (isSame) return before;
    const lastTransitionTime = before?.status === one.status ? before.lastTransitionTime : now();
    return { ...one, lastUpdateTime: now(), ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
  });
}
