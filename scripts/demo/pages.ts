import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pagesOf } from '../../test/agent/pipelines/run/index.ts';
import type { Delivered } from './rehearsal.ts';

/** Writes the pages of the runs' summaries, which Azure DevOps shows on the run. Returns their paths. */
export function keepPages(folder: string, deliveries: readonly Delivered[]): string[] {
  mkdirSync(folder, { recursive: true });
  const pages = deliveries.flatMap(({ ci, cd }) => [ci, cd]).flatMap((record) => pagesOf(record));
  return pages.map(({ name, content }, index) => {
    const file = path.join(folder, `${index + 1}-${name.replaceAll(/[^\w.-]+/g, '-').replace(/(\.md)?$/, '.md')}`);
    writeFileSync(file, content);
    return file;
  });
}
