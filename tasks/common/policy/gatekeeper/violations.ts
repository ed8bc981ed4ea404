import { isMapping } from '../../go/mapping.ts';
import type { ObjectKey } from '../objects.ts';

/** One violation as gator tells it. Its texts are foreign. */
export interface Violation {
  readonly kind: string;
  readonly constraint: string;
  readonly object: ObjectKey;
  readonly message: string;
  /** Whether the template's code found it; gator tells of its own errors in the same list, without a target. */
  readonly isFound: boolean;
}

/** Reads what `gator test --output=json` printed: a list, or `null`. Undefined when it is neither. */
export function violationsIn(stdout: string): Violation[] | undefined {
  const read = parsed(stdout);
  if (read === null) return [];
  if (!Array.isArray(read)) return undefined;
  const violations = read.map(violationIn);
  return violations.every((violation) => violation !== undefined) ? violations : undefined;
}

function violationIn(value: unknown): Violation | undefined {
  if (!isMapping(value)) return undefined;
  const { msg, target, constraint, violatingObject: object } = value;
  if (typeof msg !== 'string' || !isMapping(constraint) || !isMapping(object)) return undefined;
  const [ofConstraint, ofObject] = [constraint['metadata'], object['metadata']];
  if (!isMapping(ofConstraint) || !isMapping(ofObject)) return undefined;
  return {
    kind: textOf(constraint['kind']),
    constraint: textOf(ofConstraint['name']),
    object: {
      apiVersion: textOf(object['apiVersion']),
      kind: textOf(object['kind']),
      namespace: textOf(ofObject['namespace']),
      name: textOf(ofObject['name']),
    },
    message: msg,
    isFound: target !== undefined,
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
