import { ArchiveFault } from '../archive/index.ts';
import { shown } from './shown.ts';

/** A regular file in a chart archive. */
export interface ChartFile {
  /** The name in parts; the first is the chart's folder. */
  parts: readonly string[];
  /** Bytes. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  body: AsyncIterable<Uint8Array>;
}

/** A larger Chart.yaml, requirements.yaml or lock file is refused unread. */
export const largestMetadataFile = 1024 * 1024;

/** The whole content of one of the chart's metadata files. @throws ArchiveFault when it is larger than 1 MiB */
export async function metadataContent(file: ChartFile): Promise<Buffer> {
  if (file.size > largestMetadataFile)
    throw new ArchiveFault(`holds ${shown(file.parts.join('/'))} of more than 1 MiB`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
