import type { ArchiveFacts } from '../archive/inspect.ts';

/** A chart that was taken from where it is: an archive in the private folder, which was read through and found harmless. */
export interface TakenChart {
  readonly file: string;
  readonly facts: ArchiveFacts;
  /** Of the manifest where the chart came from a registry, else of the archive. */
  readonly digest: string;
  /** Where it came from, as people know it. */
  readonly reference: string;
}

/** Helm loads no chart that unpacks to more (since 3.17.3). */
export const unpackedLimit = { maxUnpacked: 100 * 1024 * 1024, limit: 'the 100 MiB that helm unpacks' } as const;
