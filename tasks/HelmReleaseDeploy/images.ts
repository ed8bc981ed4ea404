import type { HandoffImage } from '../common/handoff/index.ts';
import type { Given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import { shown } from '../common/text/shown.ts';
import { type PathValue, readPath } from '../common/values/path.ts';

/**
 * What the lines `name=repositoryPath,tagPath|digestPath` put into values. Without a path for the digest the tag's place gets
 * `tag@digest`, which charts that join repository and tag by a colon make a good reference of; without one for the tag, the
 * digest stands alone.
 * @param known the images of the handoff
 * @throws TaskError with the number of the line that is wrong, or names an image that the handoff does not have
 */
export function imageValues({ input, value }: Given<string | undefined>, known: readonly HandoffImage[]): PathValue[] {
  const lines = (value ?? '').split(/\r?\n/).map((text, index) => ({ text: text.trim(), number: index + 1 }));
  return lines
    .filter(({ text }) => text !== '')
    .flatMap(({ text, number }) => valuesOfLine(text, `Line ${number} of input ${input}`, known));
}

function valuesOfLine(line: string, at: string, known: readonly HandoffImage[]): PathValue[] {
  const [, name = '', rest = ''] = /^([^=]*)=(.*)$/.exec(line) ?? [];
  const image = known.find((one) => one.name === name.trim());
  if (rest === '' || name === '') throw wrongForm(at);
  if (image === undefined) {
    const names = known.map((one) => one.name).join(', ') || 'none';
    throw new TaskError(
      `${at} names the image ${shown(name.trim())}, which the handoff does not have; it has: ${names}.`,
    );
  }
  const { repository, tag, digest } = image;
  const [repositoryPath, tagPath, digestPath] = pathsIn(rest.trim(), at);
  const places = [
    { path: repositoryPath, value: repository },
    { path: tagPath, value: digestPath === undefined ? `${tag}@${digest}` : tag },
    { path: digestPath, value: digest },
  ];
  return places.flatMap(({ path, value }) => (path === undefined ? [] : [{ path, value, at }]));
}

type Path = PathValue['path'];

/** Repository, tag and digest; the latter two may be missing, but not both. */
function pathsIn(text: string, at: string): [Path, Path | undefined, Path | undefined] {
  const repository = readPath(text, ',|', at);
  const afterRepository = text.slice(repository.end);
  if (!afterRepository.startsWith(',')) throw wrongForm(at);
  const second = afterRepository.slice(1).trimStart();
  const tag = second.startsWith('|') ? undefined : readPath(second, ',|', at);
  const third = tag === undefined ? second : second.slice(tag.end);
  if (third === '') return [repository.path, tag?.path, undefined];
  if (!third.startsWith('|')) throw wrongForm(at);
  const digest = readPath(third.slice(1).trimStart(), '', at);
  return [repository.path, tag?.path, digest.path];
}

function wrongForm(at: string): TaskError {
  return new TaskError(
    `${at} is not of the form name=repositoryPath,tagPath|digestPath, such as web=image.repository,image.tag|image.digest, ` +
      'or web=image.repository,image.tag where the chart has no field for a digest.',
  );
}
