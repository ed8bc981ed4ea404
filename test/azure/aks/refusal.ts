import type { Fields } from './objects.ts';
import type { Resource } from './resources.ts';

/** An answer of the API server that is none: `code` is the HTTP status, `reason` the word that programs look at. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Fields | undefined;

  constructor(code: number, reason: string, message: string, details?: Fields) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The object of kind Status that says it. */
  get status(): Fields {
    const { code, reason, message, details } = this;
    const said = { status: 'Failure', message, reason, ...(details && { details }), code };
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, ...said };
  }
}

/** The name of a resource in messages, such as `deployments.apps`. */
export function qualified({ name, group }: Pick<Resource, 'name' | 'group'>): string {
  return [name, group].filter(Boolean).join('.');
}

export function notFound(resource: Resource, name: string): Refusal {
  const details = { name, group: resource.group, kind: resource.name };
  return new Refusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details);
}

export function alreadyExists(resource: Resource, name: string): Refusal {
  const details = { name, group: resource.group, kind: resource.name };
  return new Refusal(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, details);
}

/** Somebody else has written the object meanwhile. */
export function outdated(resource: Resource, name: string): Refusal {
  const text =
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; ` +
    'please apply your changes to the latest version and try again';
  return new Refusal(409, 'Conflict', text, { name, group: resource.group, kind: resource.name });
}

/** @param problem such as `spec.selector: Invalid value: …: field is immutable` */
export function invalid(resource: Resource, name: string, field: string, problem: string): Refusal {
  const kind = [resource.kind, resource.group].filter(Boolean).join('.');
  const causes = [{ reason: 'FieldValueInvalid', message: problem, field }];
  const details = { name, group: resource.group, kind: resource.kind, causes };
  return new Refusal(422, 'Invalid', `${kind} "${name}" is invalid: ${field}: ${problem}`, details);
}

/** What was asked from an earlier state that is no longer known. */
export const expired = (): Refusal =>
  new Refusal(410, 'Expired', 'The provided resource version is too old: it was compacted.');
