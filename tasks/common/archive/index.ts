export { ArchiveFault, damaged } from './archive-fault.ts';
export { readTar, type TarEntry } from './tar-reader.ts';
export { formatTarHeader, latestTarTime, paddingAfter, tarEnd } from './tar-writer.ts';
