export { ArchiveFault, damaged } from './tar-format.ts';
export { readTar, type TarEntry } from './tar-reader.ts';
export { formatTarHeader, latestTarTime, paddingAfter, tarEnd } from './tar-writer.ts';
