/** What a revision says of the delivery that made it. Undefined: not known, or not made by such a delivery. */
export interface DeliveryLabels {
  /** Id of the project whose CI run built what is deployed, id of its pipeline, and of the run (Build.BuildId). */
  readonly ciProject: string | undefined;
  readonly ciPipeline: string | undefined;
  readonly ciRun: string | undefined;
  /** Id of the run that deploys. */
  readonly deployRun: string | undefined;
  readonly commit: string | undefined;
  /** Of the chart, `sha256:` and 64 hexadecimal digits. */
  readonly digest: string | undefined;
  /** Id of whoever approved the deployment. */
  readonly approver: string | undefined;
}

const prefix = 'helm-delivery/';
const names = {
  ciProject: 'ci-project',
  ciPipeline: 'ci-pipeline',
  ciRun: 'ci-run',
  deployRun: 'deploy-run',
  commit: 'commit',
  approver: 'approver',
} as const;
const fields = ['ciProject', 'ciPipeline', 'ciRun', 'deployRun', 'commit', 'approver'] as const;
/** A label's value has at most 63 characters, and a digest 64 and a colon. */
const halves = ['digest-1', 'digest-2'] as const;

/**
 * On a revision that failed, with the revision's own number: helm hands labels on, so with any other number it says nothing
 * about the revision that has it.
 */
export const failedRevisionLabel = `${prefix}failed-revision`;

/** What Kubernetes takes as a label's value. `null` is helm's word for taking one away. */
const fitting = /^(?!null$)[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * The labels of a delivery as Kubernetes writes them, each name with its value, or `null` where nothing is known or where
 * it is no value for a label: helm gives a revision the labels of the one before, so each is set or taken away.
 */
export function labelValues(labels: DeliveryLabels): Record<string, string | null> {
  const digits = /^sha256:([0-9a-f]{32})([0-9a-f]{32})$/.exec(labels.digest ?? '')?.slice(1) ?? [];
  const pairs = [
    ...fields.map((field) => [names[field], labels[field]] as const),
    ...halves.map((name, index) => [name, digits[index]] as const),
  ];
  return Object.fromEntries(
    pairs.map(([name, value]) => [prefix + name, value !== undefined && fitting.test(value) ? value : null]),
  );
}

/**
 * The same as `helm upgrade --labels` takes them.
 * @param isFirst whether helm installs the release anew: it would write the word null down then (pkg/action/install.go).
 */
export function labelArguments(labels: DeliveryLabels, isFirst: boolean): string[] {
  return Object.entries({ ...labelValues(labels), [failedRevisionLabel]: null })
    .filter(([, value]) => value !== null || !isFirst)
    .map(([name, value]) => `${name}=${value ?? 'null'}`);
}

/** The number of the revision that failed, of those that the label came through. */
export const failedRevision = (labels: Readonly<Record<string, string>>): string | undefined =>
  labels[failedRevisionLabel];

/** What the labels of a record say of its delivery: foreign text, which is a label's value at least. */
export function deliveryLabels(labels: Readonly<Record<string, string>>): DeliveryLabels {
  const value = (name: string): string | undefined => {
    const text = labels[prefix + name];
    return text !== undefined && fitting.test(text) ? text : undefined;
  };
  const digits = halves.map((half) => value(half) ?? '').join('');
  return {
    ciProject: value(names.ciProject),
    ciPipeline: value(names.ciPipeline),
    ciRun: value(names.ciRun),
    deployRun: value(names.deployRun),
    commit: value(names.commit),
    approver: value(names.approver),
    digest: /^[0-9a-f]{64}$/.test(digits) ? `sha256:${digits}` : undefined,
  };
}
