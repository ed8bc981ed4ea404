import { isGroup, type Person } from './people.ts';

/** Who did something, and when. */
export interface Stamp {
  readonly by: Person;
  /** By the organisation's clock. */
  readonly on: Date;
}

/** Makes the stamp of what happens now; without somebody it is who tests play when they set things up. */
export type Stamping = (by?: Person) => Stamp;

/** A reference to an identity, as answers of the REST API have it. */
export function identityRef(somebody: Person): Record<string, unknown> {
  const { id, displayName, mail, account = mail } = somebody;
  const descriptor = `${isGroup(somebody) ? 'vssgp' : 'aad'}.${Buffer.from(id).toString('base64url')}`;
  return { displayName, id, uniqueName: account, descriptor };
}

/** The fields of a stamp, such as `createdBy` and `createdOn`. */
export function stamped(name: string, { by, on }: Stamp): Record<string, unknown> {
  return { [`${name}By`]: identityRef(by), [`${name}On`]: on.toISOString() };
}
