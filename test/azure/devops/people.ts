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

/** The people whom the organisation knows. */
export class Directory {
  readonly #people = new Map<string, Person>();

  add<Somebody extends Person>(somebody: Somebody): Somebody {
    this.#people.set(somebody.id.toLowerCase(), somebody);
    return somebody;
  }

  find(id: string): Person | undefined {
    return this.#people.get(id.toLowerCase());
  }

  /** Those whom a search by the name of a field finds: whole for a mail address, as a beginning for a name. */
  search(field: string, value: string): Person[] {
    const wanted = value.toLowerCase();
    return [...this.#people.values()].filter(({ mail, displayName }) => {
      const isNamed = displayName.toLowerCase().startsWith(wanted);
      if (['mailaddress', 'accountname'].includes(field.toLowerCase())) return mail.toLowerCase() === wanted;
      return isNamed || (field.toLowerCase() === 'general' && mail.toLowerCase() === wanted);
    });
  }
}
