import { randomUUID } from 'node:crypto';

/** Somebody who may be asked for an approval. */
export interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly mail: string;
}

/** A person of the organisation, under a mail address made of the name. */
export function person(displayName: string): Person {
  const mail = `${displayName.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@contoso.example`;
  return { id: randomUUID(), displayName, mail };
}
