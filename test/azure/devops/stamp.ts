import type { Person } from './people.ts';

/** Who did something, and when. */
export interface Stamp {
  readonly by: Person;
  /** By the organisation's clock. */
  readonly on: Date;
}

/** Makes the stamp of what happens now; without somebody it is who tests play when they set things up. */
export type Stamping = (by?: Person) => Stamp;

/** A reference to an identity, as answers of the REST API have it. */
export function identityRef({ id, displayName, mail, account = mail }: Person): Record<string, unknown> {
  return { id, displayName, uniqueName: account };
}

/** The fields of a stamp, such as `createdBy` and `createdOn`. */
export function stamped(name: string, { by, on }: Stamp): Record<string, unknown> {
  return { [`${name}By`]: identityRef(by), [`${name}On`]: on.toISOString() };
}
