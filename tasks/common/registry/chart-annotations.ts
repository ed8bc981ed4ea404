import type { ChartMaintainer, ChartMetadata } from '../chart/metadata/metadata.ts';

const PREFIX = 'org.opencontainers.image.';

/** The two that a chart's own annotations cannot change. */
const FIXED = new Set([`${PREFIX}title`, `${PREFIX}version`]);

/**
 * The annotations of a chart's manifest as `helm push` makes them. What Chart.yaml lists under annotations wins over
 * what is drawn from its fields and over `created`, even when it is empty; only title and version are fixed.
 * @param extra added where neither Helm nor the chart's author wrote that annotation; never replaces one
 */
export function chartAnnotations(
  metadata: ChartMetadata,
  created: Date,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const drawn = Object.entries({
    description: metadata.description,
    title: metadata.name,
    version: metadata.version,
    url: metadata.home,
    created: `${created.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`,
    source: metadata.sources?.[0],
    authors: metadata.maintainers?.map(author).join(', '),
  }).map(([name, value = '']): [string, string] => [PREFIX + name, value]);
  const written = Object.entries(metadata.annotations ?? {}).filter(([name]) => !FIXED.has(name));
  return Object.fromEntries([...[...Object.entries(extra), ...drawn].filter(isGiven), ...written]);
}

function author({ name = '', email }: ChartMaintainer): string {
  return email ? `${name} (${email})` : name;
}

function isGiven([, value]: [string, string]): boolean {
  return /\P{White_Space}/u.test(value);
}
