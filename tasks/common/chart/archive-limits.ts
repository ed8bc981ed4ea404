/** What an archive may unfold to before it is refused. */
export interface ArchiveLimits {
  /** Bytes of the unpacked archive, its headers included. */
  maxUnpackedBytes: number;
  /** Files and folders in the archive. */
  maxEntries: number;
}

/** 100 MiB is Helm's own limit for an unpacked chart (since 3.17.3); it would not load a larger one. */
export const defaultArchiveLimits: ArchiveLimits = { maxUnpackedBytes: 100 * 1024 * 1024, maxEntries: 10_000 };
