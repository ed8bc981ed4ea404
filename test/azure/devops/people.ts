import { randomUUID } from 'node:crypto';

/** Somebody whom the organisation knows, who may be asked for an approval. */
export interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly mail: string;
  /** The sign-in name, where it is not the mail address. */
  readonly account?: string;
  /** Of a service principal in Entra, where the organisation knows it by an id of its own, as the service does. */
  readonly objectId?: string;
  /** No member any more, but searches still find him. */
  readonly isInactive?: boolean;
}

/** A group: one of the project (`[delivery]\Leads`), or one of Entra that was added here (`[TEAM FOUNDATION]\Platform`). */
export interface Group extends Person {
  /** People and groups. */
  readonly members: Person[];
}

/** A person of the organisation, under a mail address made of the name. */
export function person(displayName: string): Person {
  const mail = `${displayName.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@contoso.example`;
  return { id: randomUUID(), displayName, mail };
}

/** @param displayName with its scope, as in `[delivery]\Leads` */
export function group(displayName: string, members: readonly Person[] = []): Group {
  return { id: randomUUID(), displayName, mail: '', members: [...members] };
}

export function isGroup(somebody: Person): somebody is Group {
  return 'members' in somebody;
}

/** Whether somebody is an identity, or belongs to it, also by a group within the group. */
export function isOf(somebody: Person, identity: Person): boolean {
  if (identity.id.toLowerCase() === somebody.id.toLowerCase()) return true;
  return isGroup(identity) && identity.members.some((member) => isOf(somebody, member));
}

/** The people and groups whom the organisation knows. */
export class Directory {
  readonly #people = new Map<string, Person>();

  add<Somebody extends Person>(somebody: Somebody): Somebody {
    this.#people.set(somebody.id.toLowerCase(), somebody);
    return somebody;
  }

  find(id: string): Person | undefined {
    return this.#people.get(id.toLowerCase());
  }

  /** The member that a service principal of Entra is. */
  byObjectId(objectId: string): Person | undefined {
    return this.find(objectId) ?? [...this.#people.values()].find((each) => each.objectId === objectId);
  }

  /** The ids of somebody and of all groups that he belongs to. */
  idsOf(somebody: Person): string[] {
    const groups = [...this.#people.values()].filter((each) => isOf(somebody, each));
    return [somebody.id, ...groups.map(({ id }) => id)];
  }

  /**
   * Those whom a search by the name of a field finds: whole for a mail address, an account or a group, as a beginning for a
   * name. Groups are found without their scope, too.
   */
  search(field: string, value: string): Person[] {
    const [filter, wanted] = [field.toLowerCase(), value.toLowerCase()];
    return [...this.#people.values()].filter((somebody) => {
      const { mail, account = mail } = somebody;
      const names = [somebody.displayName, somebody.displayName.replace(/^\[[^\]]*\]\\/, '')];
      const isNamed = names.some((name) => name.toLowerCase().startsWith(wanted));
      if (filter === 'mailaddress') return mail.toLowerCase() === wanted;
      if (filter === 'accountname') return account.toLowerCase() === wanted;
      if (filter === 'localgroupname') {
        return isGroup(somebody) && names.some((name) => name.toLowerCase() === wanted);
      }
      const isAddressed = [mail, account].some((each) => each.toLowerCase() === wanted);
      return isNamed || (filter === 'general' && isAddressed);
    });
  }
}
