export { defaultArchiveLimits, type ArchiveLimits } from './archive-limits.ts';
export { checkChartVersion } from './chart-version.ts';
export type { FileDigest } from './file-digest.ts';
export { inspectArchive, type ArchiveFacts } from './inspect-archive.ts';
export type { ChartDependency, ChartMaintainer, ChartMetadata } from './metadata.ts';
export { readChartFolder } from './read-chart-folder.ts';
export { makeReproducible, type ReproducibleOptions } from './reproducible-archive.ts';
export { unpackArchive } from './unpack-archive.ts';
