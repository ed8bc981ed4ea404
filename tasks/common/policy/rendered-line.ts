import { isScalar, isMap, isSeq } from 'yaml';
import { firstDocument, placeIn } from '../go/document.ts';
import type { ManifestObject } from './objects.ts';

/** A line of what was rendered. */
export interface RenderedLine {
  /** In the document, from 1, its comment with the template's name included. */
  readonly number: number;
  readonly text: string;
}

/**
 * The line of an object at which a field begins, or the innermost that is there of its path. Undefined where there is none,
 * and for a Secret, whose lines are not shown.
 * @param path such as `spec.containers[0].image`
 */
export function lineAt({ kind, text }: Pick<ManifestObject, 'kind' | 'text'>, path: string): RenderedLine | undefined {
  if (kind === 'Secret' || text === '' || path === '') return undefined;
  try {
    const document = firstDocument(text, { schema: 'failsafe', others: 'unread' }, (problem) => {
      throw new RangeError(problem);
    });
    let node: unknown = document?.contents;
    let offset: number | undefined;
    for (const name of path.replaceAll('[', '.').replaceAll(']', '').split('.')) {
      const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.source === name) : undefined;
      const next: unknown = pair?.value ?? (isSeq(node) ? node.items[Number(name)] : undefined);
      const at = isScalar(pair?.key) ? pair.key.range?.[0] : rangeOf(next);
      if (at === undefined) break;
      [node, offset] = [next, at];
    }
    if (offset === undefined) return undefined;
    const { line } = placeIn(text, offset);
    return { number: line, text: text.split('\n')[line - 1]?.trim() ?? '' };
  } catch (error) {
    // An object larger than is read here has been judged all the same.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function rangeOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
}
