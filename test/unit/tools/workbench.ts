import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { downloadLimits, type DownloadLimits } from '../../../tasks/common/tools/download.ts';
import type { InstallContext } from '../../../tasks/common/tools/install-tool.ts';
import type { ToolSource } from '../../../tasks/common/tools/folder-source.ts';
import type { Azure } from '../../azure/index.ts';

/** Limits that do not keep a test waiting. */
export const impatient: DownloadLimits = { ...downloadLimits, pauseMs: 1 };

/** A source whose files are given as text, as bytes, or as what is to be read anew at every attempt. */
export function sourceOf(
  files: Readonly<Record<string, string | Buffer | ((attempt: number) => Readable)>>,
  sizes: Readonly<Record<string, number>> = {},
): ToolSource & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: 'tools.contoso.com',
    isMirror: true,
    elsewhere: ', or give input mirror another source',
    asked,
    open: async (file) => {
      asked.push(file);
      const content = files[file];
      if (content === undefined) return undefined;
      if (typeof content === 'function') {
        return { body: content(asked.filter((other) => other === file).length), size: sizes[file] };
      }
      const bytes = Buffer.from(content);
      return { body: Readable.from([bytes]), size: bytes.length };
    },
  };
}

/** What a step has on an agent: a tool cache and a private folder of its own, and a log. */
export interface Workbench {
  readonly context: InstallContext;
  readonly logged: string[];
  readonly cache: string;
  readonly scratch: string;
  /** Files in the tool cache, relative to it. */
  cached(): Promise<string[]>;
  close(): Promise<void>;
}

const direct = { proxyUrl: undefined, noProxy: '', caFile: undefined, bypassesProxy: () => true };

/** @param azure makes the step reach the hosts that it plays */
export async function workbench(azure?: Azure, signal = new AbortController().signal): Promise<Workbench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tools-'));
  const [cache, scratch] = [path.join(folder, 'cache'), path.join(folder, 'scratch')];
  for (const each of [cache, scratch]) await mkdir(each);
  const logged: string[] = [];
  const tell = (text: string): void => void logged.push(text);
  const variables: Record<string, string> = { 'Agent.ToolsDirectory': cache };
  const played = azure && { proxyUrl: new URL(azure.proxyUrl), caFile: azure.caFile, bypassesProxy: () => false };
  return {
    context: {
      log: { info: tell, warning: tell, error: tell, debug: () => {}, progress: () => {} },
      network: { ...direct, ...played },
      signal,
      variable: (name) => variables[name],
      privateFolder: () => scratch,
    },
    logged,
    cache,
    scratch,
    cached: async () => filesIn(cache),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The tasks' folder in the tool cache: one for each user where there are users. */
export const cacheFolder = `delivery-tools${process.getuid === undefined ? '' : `-${process.getuid()}`}`;

export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
