import { type AskDevOps, type Values, valuesOf } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';
import { eachInParallel } from '../common/task/parallel.ts';
import { visible } from '../common/text/shown.ts';

/** The identities that the file's approvers are. */
export interface Approvers {
  /** Takes a name as the file has it. */
  readonly idOf: (name: string) => string;
  /** The names for ids, where they are known. */
  readonly names: ReadonlyMap<string, string>;
  /** A sentence for every name that means nobody, or more than one, and what to do about them. */
  readonly faults: readonly string[];
}

const mostFaults = 10;

/** The first sentences about names, and one that says of how many more there are. */
export function firstOf(faults: readonly string[]): string[] {
  const more = faults.length - mostFaults;
  if (more <= 0) return [...faults];
  return [...faults.slice(0, mostFaults), `${more} more ${more === 1 ? 'name is' : 'names are'} not clear either.`];
}

const isId = (name: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name);

/** Names that are looked up at a time. */
const width = 8;

/**
 * Looks up each name once.
 * @param identities address of the identities, such as `https://vssps.dev.azure.com/contoso/_apis/identities`
 * @param refused explains what the service refuses
 */
export async function approversNamed(
  names: readonly string[],
  ask: AskDevOps,
  identities: string,
  refused: (error: unknown) => never,
): Promise<Approvers> {
  const ids = new Map<string, string>();
  const known = new Map<string, string>();
  const faults: string[] = [];
  const search: Search = (query) => searched(query, ask, identities).catch(refused);
  const all = await eachInParallel([...new Set(names)], width, async (name) => {
    return { name, found: await identitiesNamed(name, search) };
  });
  for (const { name, found } of all) {
    const [only] = found.exact;
    if (only !== undefined && found.exact.length === 1) {
      ids.set(name, only.id);
      known.set(only.id, only.name);
    } else {
      faults.push(faultOf(name, found));
    }
  }
  const advice = all.some(({ found }) => found.exact.length === 0) ? [adviceForUnknown] : [];
  return { idOf: (name) => ids.get(name) ?? name, names: known, faults: [...firstOf(faults), ...advice] };
}

/** Names for ids of identities that no name of the file stands for; what cannot be found out is left out. */
export async function namesOfIds(
  ids: readonly string[],
  ask: AskDevOps,
  identities: string,
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await searched(`identityIds=${ids.slice(0, 100).join(',')}`, ask, identities).catch(() => []);
  return new Map(found.map(({ id, name }) => [id, name]));
}

interface Identity {
  readonly id: string;
  readonly name: string;
  readonly mail: string;
  readonly account: string;
  readonly isActive: boolean;
}

interface Found {
  readonly exact: readonly Identity[];
  /** What the searches brought besides. */
  readonly others: readonly Identity[];
}

type Search = (query: string) => Promise<readonly Identity[]>;

/** The filters are asked in turn until one knows the name: a name may be a part of others, or the address of nobody active. */
async function identitiesNamed(name: string, search: Search): Promise<Found> {
  const others = new Map<string, Identity>();
  for (const query of queriesFor(name)) {
    const found = await search(query);
    const exact = found.filter((each) => each.isActive && isMeant(each, name));
    if (exact.length > 0) return { exact: [...new Map(exact.map((each) => [each.id, each])).values()], others: [] };
    for (const each of found) others.set(each.id, each);
  }
  return { exact: [], others: [...others.values()] };
}

function queriesFor(name: string): string[] {
  // The account of a service principal is an id, too.
  if (isId(name)) return [`identityIds=${name}`, `searchFilter=AccountName&filterValue=${name}`];
  const [, group] = /^\[[^\]]*\]\\(.+)$/.exec(name) ?? [];
  const filters: (readonly [string, string])[] =
    group === undefined
      ? [
          [name.includes('@') ? 'MailAddress' : 'AccountName', name],
          [name.includes('@') ? 'AccountName' : 'DisplayName', name],
          ['General', name],
        ]
      : [
          ['LocalGroupName', name],
          ['General', name],
          ['LocalGroupName', group],
        ];
  return filters.map(([filter, value]) => `searchFilter=${filter}&filterValue=${encodeURIComponent(value)}`);
}

function isMeant({ id, name, mail, account }: Identity, wanted: string): boolean {
  return [id, name, mail, account].some((each) => each.toLowerCase() === wanted.toLowerCase());
}

async function searched(query: string, ask: AskDevOps, identities: string): Promise<Identity[]> {
  const { value } = await ask({ method: 'GET', address: `${identities}?${query}&api-version=7.1` });
  return valuesOf(value).flatMap(identityOf);
}

function identityOf({ id, providerDisplayName, isActive, properties }: Values): Identity[] {
  if (typeof id !== 'string') return [];
  const text = (name: string): string => {
    const property = isMapping(properties) ? properties[name] : undefined;
    const value = isMapping(property) ? property['$value'] : undefined;
    return typeof value === 'string' ? value : '';
  };
  const name = typeof providerDisplayName === 'string' ? providerDisplayName : id;
  return [{ id: id.toLowerCase(), name, mail: text('Mail'), account: text('Account'), isActive: isActive === true }];
}

const mostCandidates = 10;

function faultOf(name: string, { exact, others }: Found): string {
  const candidates = (exact.length > 0 ? exact : others).slice(0, mostCandidates).map(shownIdentity).join('; ');
  if (exact.length > 0) {
    return `The approver '${visible(name)}' means ${exact.length} identities (${candidates}): give the account or the id of the one that is meant.`;
  }
  return `The organisation knows no active identity '${visible(name)}'${candidates === '' ? '' : ` (similar: ${candidates})`}.`;
}

const adviceForUnknown =
  'Correct the name, or add the person under Organization settings, Users; a group of Entra ID must have been added to a team or group ' +
  'of the organisation once.';

function shownIdentity({ id, name, mail, account, isActive }: Identity): string {
  const parts = [mail, account === mail ? '' : account, id, isActive ? '' : 'not active'].filter(Boolean);
  return `${visible(name)}, ${parts.map((part) => visible(part)).join(', ')}`;
}
