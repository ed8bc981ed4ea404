import { isMapping } from '../../go/mapping.ts';

/** A reference that leads out of a values schema. */
export interface OuterReference {
  readonly keyword: string;
  /** As it stands in the schema. */
  readonly address: string;
  /** A host on the web, or something else: a file outside of the chart. */
  readonly leadsTo: 'the web' | 'elsewhere';
}

/** Where helm thinks that a schema lies; a reference to `other.json` is one to the root of the file system. */
const ownAddress = 'file:///values.schema.json';
const references = ['$ref', '$dynamicRef', '$recursiveRef'];
/** What every supported helm knows without asking: as `$schema`, and as the target of a reference. */
const knownDrafts = /^https?:\/\/json-schema\.org\/(?:schema|draft-0[467]\/schema|draft\/20(?:19-09|20-12)\/schema)#?$/;
const carriedDrafts = /^http:\/\/json-schema\.org\/draft-0[467]\/schema$/;

/** What the references below a part of the schema are relative to. */
interface Base {
  /** Undefined where the readers of helm 3.17 and of later ones may not agree. */
  readonly address: string | undefined;
  /** Whether it has a fragment: then helm 3.17 fetches it even for `#/…`. */
  readonly hasFragment: boolean;
}

/**
 * The references by which helm would fetch or read more than a values schema holds. Helm has two readers of schemas,
 * xeipuuv/gojsonschema before 3.18 and santhosh-tekuri/jsonschema since, and what either would follow is given. Every
 * member counts, whatever the keywords around it: a pointer can make a schema of what stands under `const` or `default`.
 * @param schema parsed JSON
 */
export function outerReferences(schema: unknown): OuterReference[] {
  const inside = addressesInside(schema);
  const found: OuterReference[] = [];
  const root: Base = { address: ownAddress, hasFragment: false };
  const parts: (readonly [unknown, Base])[] = [[schema, root]];
  for (let next = parts.pop(); next !== undefined; next = parts.pop()) {
    const [part, around] = next;
    if (typeof part !== 'object' || part === null) continue;
    const base = isMapping(part) ? baseOf(part, part === schema, around) : around;
    for (const [keyword, value] of Object.entries(part)) {
      parts.push([value, base]);
      if (typeof value !== 'string') continue;
      const isOuter = keyword === '$schema' ? !knownDrafts.test(value) : references.includes(keyword);
      const leadsTo = isOuter ? targetOf(value, base, inside) : undefined;
      if (leadsTo !== undefined) found.push({ keyword, address: value, leadsTo });
    }
  }
  return found;
}

/** A schema's own address, and those that it gives to parts where every reader takes them for one. */
function addressesInside(schema: unknown): ReadonlySet<string> {
  if (!isMapping(schema)) return new Set();
  const draft = String(schema['$schema']);
  const own = ownAddressOf(schema, draft);
  const holders = /draft-0[467]/.test(draft) ? ['definitions'] : ['definitions', '$defs'];
  const parts = holders.flatMap((name) => Object.values(isMapping(schema[name]) ? schema[name] : {}));
  const addresses = parts.map((part) => {
    // Before 2019-09 nothing counts beside a $ref.
    const id = isMapping(part) && !('$ref' in part) ? idOf(part, draft) : undefined;
    return id === undefined ? undefined : resolved(id, own ?? ownAddress);
  });
  return new Set([own, ...addresses].filter((address) => address !== undefined));
}

function ownAddressOf(schema: Record<string, unknown>, draft: string): string | undefined {
  const id = idOf(schema, draft);
  return id === undefined ? undefined : resolved(id, ownAddress);
}

/** The keyword for addresses was `id` up to draft 4. Where both stand there, the readers do not agree. */
function idOf(part: Record<string, unknown>, draft: string): string | undefined {
  const { id, $id } = part;
  const [given, other] = draft.includes('draft-04') ? [id, $id] : [$id, id];
  return typeof given === 'string' && typeof other !== 'string' ? given.replace(/#$/, '') : undefined;
}

function baseOf(part: Record<string, unknown>, isRoot: boolean, around: Base): Base {
  const ids = [part['$id'], part['id']].filter((id) => typeof id === 'string').filter((id) => !/^(#|$)/.test(id));
  if (ids.length === 0) return around;
  const own = isRoot ? ownAddressOf(part, String(part['$schema'])) : undefined;
  return { address: own, hasFragment: around.hasFragment || ids.some((id) => /#./.test(id)) };
}

function targetOf(reference: string, base: Base, inside: ReadonlySet<string>): OuterReference['leadsTo'] | undefined {
  const [address = ''] = reference.split('#', 1);
  if (address === '') return base.hasFragment ? 'the web' : undefined;
  const isWhole = /^[a-z][a-z0-9+.-]*:/i.test(address);
  if (!isWhole && base.address === undefined) return 'the web';
  const target = isWhole ? address : resolved(address, base.address ?? ownAddress);
  if (inside.has(target) || carriedDrafts.test(target)) return undefined;
  // Helm 4 takes anything for what a name of this kind stands for, and no helm asks for it.
  if (/^urn:/i.test(target)) return undefined;
  return /^https?:/i.test(target.trim()) ? 'the web' : 'elsewhere';
}

function resolved(address: string, base: string): string {
  return URL.canParse(address, base) && !/^[a-z][a-z0-9+.-]*:/i.test(address) ? new URL(address, base).href : address;
}
