import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { sources } from './packed.ts';

/** A page of the documentation. */
export interface Page {
  /** Path in the repository. */
  readonly file: string;
  readonly text: string;
}

export function pages(): Page[] {
  const folders = ['.', 'docs', 'docs/tasks'];
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(sources, folder)).map((name) => path.posix.join(folder, name)),
  );
  return files
    .filter((file) => file.endsWith('.md'))
    .map((file) => ({ file, text: readFileSync(path.join(sources, file), 'utf8') }));
}

/** A step of one of our tasks in an example, with its place for messages. */
export interface ExampleStep {
  readonly at: string;
  /** Task and major version, as `HelmChartPull@1`. */
  readonly task: string;
  readonly name: string | undefined;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Example {
  readonly steps: readonly ExampleStep[];
}

/** The pipelines (blocks of YAML) of a page. All scalars are text, as in the server's schema. @throws for broken YAML */
export function examplesIn({ file, text }: Page): Example[] {
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match, index) => {
    const yaml = match[1] ?? '';
    const content: unknown = parse(yaml, { schema: 'failsafe' });
    return { steps: stepsIn(content).map((step) => ({ ...step, at: `${file}, example ${index + 1}` })) };
  });
}

function stepsIn(value: unknown): Omit<ExampleStep, 'at'>[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('task' in value && typeof value.task === 'string') {
    const { task, name, inputs = {} } = value as { task: string; name?: string; inputs?: Record<string, string> };
    return [{ task, name, inputs }];
  }
  return Object.values(value).flatMap(stepsIn);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsIn({ text }: Page): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
