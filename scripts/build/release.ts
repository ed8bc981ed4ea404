import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readTasks, root } from '../generate/task-json.ts';

/** Publisher of the samples in this repository; a real one is made in the Marketplace's management portal. */
const placeholderPublisher = 'helm-delivery';
/** The organisation of the samples, to which nothing that is published may lead. */
const placeholderLink = /https?:\/\/[^\s"')]*\bcontoso\b[^\s"')]*/g;

/** What users of a package click on: its manifest, its overview page, and the help of each task. */
export function publishedTexts(): Map<string, string> {
  const files = ['vss-extension.json', 'docs/overview.md'].map((file): [string, string] => [
    file,
    readFileSync(path.join(root, file), 'utf8'),
  ]);
  return new Map([
    ...files,
    ...readTasks().map((task): [string, string] => [`tasks/${task.name}/task.json`, task.helpMarkDown]),
  ]);
}

/** Why a package must not be published: each placeholder that is left, a sentence. Sample names in examples may stay. */
export function releaseFaults(texts: ReadonlyMap<string, string>): string[] {
  const { publisher } = JSON.parse(texts.get('vss-extension.json') ?? '{}') as { publisher?: string };
  const links = [...texts].flatMap(([file, text]) => {
    const found = file.endsWith('.md')
      ? [...text.matchAll(/\]\(([^)\s]+)/g)].map(([, target = '']) => target).join('\n')
      : text;
    return [...new Set(found.match(placeholderLink) ?? [])].map(
      (link) => `${file} links to ${link}; give the address of the real repository.`,
    );
  });
  return publisher === undefined || publisher === placeholderPublisher
    ? [`vss-extension.json has the publisher '${publisher ?? ''}'; give the id of your own.`, ...links]
    : links;
}
