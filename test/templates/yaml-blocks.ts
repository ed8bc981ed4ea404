import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from './delivery.ts';

/** A block of a page between two fences. */
export interface Block {
  /** Page and line of the first fence, such as `docs/handoff.md:14`. */
  readonly place: string;
  /** What stands behind the fence: `yaml`, `sh`, `text`. */
  readonly info: string;
  readonly text: string;
}

/** The pages that people read: the README and everything in docs. */
const pages = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name.split(path.sep).join('/')}`),
];

/** Every fenced block of every page, those within lists, too. */
export function blocks(): Block[] {
  return pages.flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    return [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^ *```$/gm)].map(
      ({ index, 1: indent = '', 2: info = '', 3: inside = '' }) => ({
        place: `${page}:${text.slice(0, index).split('\n').length}`,
        info,
        text: inside.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }),
    );
  });
}

/** A block of YAML as the pipeline that its readers would have. */
export interface BlockPipeline {
  readonly yaml: string;
  /** What people choose when they start it, for parameters without a default. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether stages, jobs or steps that it speaks of stand elsewhere. */
  readonly isFragment: boolean;
}

/**
 * A list is one of steps; a mapping without steps, jobs and stages is the variables of a job or the resources of a pipeline.
 * Undefined for anything else, which is no part of a pipeline.
 */
export function pipelineOf({ text }: Block): BlockPipeline | undefined {
  const content: unknown = parse(text, { schema: 'failsafe' });
  if (Array.isArray(content)) return fragment({ steps: content as unknown[] });
  if (typeof content !== 'object' || content === null) return undefined;
  const keys = Object.keys(content);
  const parameters = chosen(new Map<string, unknown>(Object.entries(content)).get('parameters'));
  if (keys.includes('stages') || keys.includes('extends')) return { yaml: text, parameters, isFragment: false };
  if (keys.includes('jobs') || keys.includes('steps')) return { yaml: text, parameters, isFragment: true };
  const steps = [{ checkout: 'none' }];
  if (keys.join() === 'variables') return fragment({ jobs: [{ job: 'reader', ...content, steps }] });
  if (keys.join() === 'resources') return fragment({ ...content, steps });
  return undefined;
}

function fragment(whole: object): BlockPipeline {
  return { yaml: stringify(whole), parameters: {}, isFragment: true };
}

/** The first of the allowed values, or any text. */
function chosen(parameters: unknown): Record<string, string> {
  const list = Array.isArray(parameters) ? (parameters as { name: string; default?: string; values?: string[] }[]) : [];
  const needed = list.filter((parameter) => parameter.default === undefined);
  return Object.fromEntries(needed.map(({ name, values }) => [name, values?.[0] ?? '703']));
}
