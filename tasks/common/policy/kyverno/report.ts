import { isMapping } from '../../go/mapping.ts';
import type { ObjectKey } from '../objects.ts';

/** One line of a report of Kyverno's. Its texts are foreign. */
export interface ReportedResult {
  /** Which part of Kyverno judged: by it policies of the same name are told apart. */
  readonly source: string;
  readonly policy: string;
  readonly rule: string;
  /** Of a policy of Kubernetes: the binding by which it was judged. */
  readonly binding: string;
  readonly result: string;
  readonly message: string;
  readonly object: ObjectKey;
}

/** What `kyverno apply --policy-report --output-format json` printed. */
export interface KyvernoReport {
  readonly results: readonly ReportedResult[];
  /** Why policies were left out, by their names. */
  readonly skipped: ReadonlyMap<string, string>;
  /** Whether there was a report at all: kyverno 1.19.1 prints none when nothing matched. */
  readonly isThere: boolean;
}

/**
 * Reads what kyverno printed: warnings about old kinds, then a list of policies that were left out, then reports, one for
 * the cluster and one for each policy of a namespace, with `---` between them.
 * @returns undefined when a report cannot be read
 */
export function reportIn(stdout: string): KyvernoReport | undefined {
  const parts = stdout.split(/^---$/m).map((part) => /^\{[\s\S]*/m.exec(part)?.[0]);
  const documents = parts.filter((part) => part !== undefined);
  const results: ReportedResult[] = [];
  for (const document of documents) {
    const read = resultsIn(document);
    if (read === undefined) return undefined;
    results.push(...read);
  }
  return { results, skipped: skippedIn(stdout), isThere: documents.length > 0 };
}

/** `Policies Skipped:` and numbered lines follow a rule of dashes, and a rule follows them. */
function skippedIn(stdout: string): Map<string, string> {
  const [, block = ''] = /^Policies Skipped:\n([\s\S]*?)^-{20,}$/m.exec(stdout) ?? [];
  const entries = block.split(/^\d+\. /m).slice(1);
  return new Map(
    entries.map((entry) => {
      const [name = '', ...reason] = entry.trim().split(': ');
      return [name, reason.join(': ')];
    }),
  );
}

function resultsIn(json: string): ReportedResult[] | undefined {
  const report = parsed(json);
  if (!isMapping(report) || !/^(Cluster)?(Policy)?Report$/.test(textOf(report['kind']))) return undefined;
  const { results = [] } = report;
  if (!Array.isArray(results)) return undefined;
  const read = results.map(resultIn);
  return read.every((result) => result !== undefined) ? read : undefined;
}

function resultIn(value: unknown): ReportedResult | undefined {
  if (!isMapping(value)) return undefined;
  const { resources } = value;
  const [resource, ...others] = Array.isArray(resources) ? resources : [];
  if (!isMapping(resource) || others.length > 0 || typeof value['policy'] !== 'string') return undefined;
  const { apiVersion, kind, namespace, name } = resource;
  return {
    source: textOf(value['source']),
    policy: value['policy'],
    rule: textOf(value['rule']),
    binding: isMapping(value['properties']) ? textOf(value['properties']['binding']) : '',
    result: textOf(value['result']),
    message: textOf(value['message']),
    object: { apiVersion: textOf(apiVersion), kind: textOf(kind), namespace: textOf(namespace), name: textOf(name) },
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
