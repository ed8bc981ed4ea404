import { textOf, type Packed } from './packed.ts';

/** The parts of the two manifests that tfx writes and the Marketplace reads. */
export interface Manifest {
  readonly identity: Readonly<Record<string, string>>;
  /** Text of an element of the metadata, such as `Categories`. */
  metadata(element: string): string;
  /** Paths in the package by asset type. */
  readonly assets: ReadonlyMap<string, string>;
  readonly properties: ReadonlyMap<string, string>;
  readonly contributions: readonly Contribution[];
}

export interface Contribution {
  readonly id: string;
  readonly type: string;
  readonly targets: readonly string[];
  readonly properties: { readonly name: string };
}

export function manifestOf(packed: Packed): Manifest {
  const xml = textOf(packed, 'extension.vsixmanifest');
  const { contributions } = JSON.parse(textOf(packed, 'extension.vsomanifest')) as { contributions: Contribution[] };
  const byAttribute = (element: string, key: string, value: string): Map<string, string> =>
    new Map(elements(xml, element).map((each) => [each[key] ?? '', each[value] ?? '']));
  return {
    identity: elements(xml, 'Identity')[0] ?? {},
    metadata: (element) => new RegExp(`<${element}[^>]*>([^<]*)</${element}>`).exec(xml)?.[1] ?? '',
    assets: byAttribute('Asset', 'Type', 'Path'),
    properties: byAttribute('Property', 'Id', 'Value'),
    contributions,
  };
}

/** The attributes of every element of that name. */
function elements(xml: string, name: string): Record<string, string>[] {
  const tags = [...xml.matchAll(new RegExp(`<${name}\\s([^>]*)>`, 'g'))].map((match) => match[1] ?? '');
  return tags.map((tag) =>
    Object.fromEntries([...tag.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  );
}
