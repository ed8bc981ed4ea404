import schema from '../../docs/environments.schema.json' with { type: 'json' };
import { schemaCheck } from '../common/go/json-schema.ts';
import { isMapping } from '../common/go/mapping.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import { visible } from '../common/text/shown.ts';
import { readFileValue } from './file-value.ts';

/** What is wanted of an environment; docs/environments.schema.json is the full description. A key that is absent is not managed. */
export interface EnvironmentEntry {
  readonly name: string;
  readonly description?: string;
  readonly approvals?: ApprovalsEntry;
  readonly preApprovals?: ApprovalsEntry;
  readonly postApprovals?: ApprovalsEntry;
  readonly branches?: false | readonly string[] | BranchesEntry;
  readonly businessHours?: false | readonly never[] | HoursEntry;
  readonly exclusiveLock?: boolean | readonly never[] | { readonly timeout?: number };
  readonly requiredTemplates?: false | readonly TemplateEntry[];
  /** Ids and names. */
  readonly pipelines?: false | readonly (number | string)[];
}

export type ApprovalsEntry = false | readonly string[] | ApprovalEntry;

export interface ApprovalEntry {
  readonly approvers: readonly string[];
  readonly order?: 'anyOrder' | 'inSequence';
  readonly minimum?: number;
  readonly instructions?: string;
  /** Minutes. */
  readonly timeout?: number;
  readonly requesterCannotApprove?: boolean;
}

export interface BranchesEntry {
  readonly allowed: readonly string[];
  readonly requireProtection?: boolean;
  readonly allowUnknownProtection?: boolean;
  readonly timeout?: number;
}

export interface HoursEntry {
  readonly days: readonly string[];
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  readonly timeZone?: string;
  readonly timeout?: number;
}

export interface TemplateEntry {
  readonly type?: string;
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
}

interface EnvironmentsFile {
  readonly version: 1;
  readonly environments: readonly EnvironmentEntry[];
}

const faultIn = schemaCheck(schema);

/** What a file wants. */
export interface WantedFile {
  /** As people know it: from the sources. */
  readonly name: string;
  readonly environments: readonly EnvironmentEntry[];
}

/**
 * Reads the file that input `file` names, seen from the sources.
 * @throws TaskError when there is none, or it does not fit the schema or itself
 */
export async function readEnvironments(file: string, context: Pick<TaskContext, 'variable'>): Promise<WantedFile> {
  const { name, value } = await readFileValue(file, context);
  checkForm(value, name);
  checkNames(value.environments, name);
  value.environments.forEach((entry) => checkApprovals(entry, name));
  return { name, environments: value.environments };
}

function checkForm(value: unknown, file: string): asserts value is EnvironmentsFile {
  const fault = faultIn(value);
  if (fault === undefined) return;
  throw new TaskError(
    `${file} does not fit its schema (docs/environments.schema.json): ${placeOf(fault.place, value)} ${fault.said}.`,
  );
}

/** With the environment's name, since nobody counts two hundred of them. */
function placeOf([list, index, ...within]: readonly string[], value: unknown): string {
  if (list !== 'environments' || index === undefined) return list ?? 'it';
  const entries: unknown = isMapping(value) ? value['environments'] : [];
  const entry: unknown = Array.isArray(entries) ? entries[Number(index)] : undefined;
  const name = isMapping(entry) && typeof entry['name'] === 'string' ? ` (${visible(entry['name'])})` : '';
  const rest = within.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`));
  return `environments[${index}]${name}${rest.join('')}`;
}

function checkNames(entries: readonly EnvironmentEntry[], file: string): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    // The service makes no difference between them.
    const known = name.trim().toLowerCase();
    if (known !== name.toLowerCase())
      throw new TaskError(`${file}: the environment '${name}' begins or ends with a blank.`);
    if (/\$\(|\$\{\{/.test(name)) {
      throw new TaskError(
        `${file}: the environment '${visible(name)}' is named by a variable, which is not replaced in the file: write the name out.`,
      );
    }
    if (seen.has(known))
      throw new TaskError(`${file}: the environment ${name} stands there twice (names have no case).`);
    seen.add(known);
  }
}

const approvalKeys = ['approvals', 'preApprovals', 'postApprovals'] as const;

function checkApprovals(entry: EnvironmentEntry, file: string): void {
  for (const key of approvalKeys) {
    const approvals = entry[key];
    if (approvals === undefined || approvals === false || !('approvers' in approvals)) continue;
    const { approvers, minimum = 0 } = approvals;
    if (minimum <= approvers.length) continue;
    throw new TaskError(
      `${file}: ${key} of ${entry.name} wants ${minimum} approvals, but names ${approvers.length === 1 ? '1 approver' : `${approvers.length} approvers`}, ` +
        'so nobody could ever deploy: lower minimum, or name more; a group counts as one.',
    );
  }
}
