import type { GoYamlValue } from '../go/yaml.ts';
import { TaskError } from '../task/outcome.ts';
import { pathText, type ValuePath } from './path.ts';

/** Values as helm has them. A mapping is a Map, so that a key such as `__proto__` is nothing but a key. */
export type Value = string | boolean | number | bigint | null | Value[] | ValueMap;
export type ValueMap = Map<string, Value>;

/** How many empty items all lists together may get by places beyond their ends. */
const mostHoles = 65_536;

/**
 * How many values may be laid over each other in all: each of a hundred small files can unfold to half a million by its
 * aliases, and the file for helm holds fewer.
 */
const mostValues = 1_000_000;

/** What a YAML text says, as values of our own. */
export function valueOf(yaml: GoYamlValue): Value {
  if (typeof yaml !== 'object' || yaml === null) return yaml;
  if (Array.isArray(yaml)) return yaml.map(valueOf);
  return new Map(Object.entries(yaml).map(([key, value]) => [key, valueOf(value)]));
}

/** Values that are laid over each other as helm does it. */
export class ValueTree {
  readonly root: ValueMap = new Map();
  #holes = 0;
  #merged = 0;

  /**
   * Lays other values over these, as helm does with a further `-f`: mappings are merged key by key; everything else,
   * lists and null too, takes the place of what was there. It takes `over` for its own.
   * @throws TaskError when all that was merged is too much for the memory
   */
  merge(over: ValueMap): void {
    this.#merged += countOf(over);
    if (this.#merged > mostValues) {
      throw new TaskError(
        `The files of values hold more than ${mostValues} values in all, the most that is read: give fewer or smaller ones, ` +
          'with fewer aliases.',
      );
    }
    mergeInto(this.root, over);
  }

  /**
   * Sets one value as helm's --set does: what is missing on the way is made, and a list grows with null in between.
   * @param at who sets it, for messages
   * @throws TaskError when something on the way is neither missing nor of the kind that the path asks for. helm refuses
   *   most of that, too; an item of a list it replaces by a mapping in silence.
   */
  set(path: ValuePath, value: Value, at: string): void {
    let holder: ValueMap | Value[] = this.root;
    for (const [level, part] of path.entries()) {
      const next = path[level + 1];
      if (next === undefined) return this.#put(holder, part, value, at);
      const held: Value | undefined = memberOf(holder, part);
      const below: ValueMap | Value[] = this.#below(
        holder,
        held,
        next,
        () => `${at}: ${pathText(path.slice(0, level + 1))}`,
      );
      if (below !== held) this.#put(holder, part, below, at);
      holder = below;
    }
  }

  #below(
    holder: ValueMap | Value[],
    held: Value | undefined,
    next: string | number,
    what: () => string,
  ): ValueMap | Value[] {
    const wantsList = typeof next === 'number';
    if (wantsList && Array.isArray(held)) return held;
    if (!wantsList && held instanceof Map) return held;
    // In a list null may be a hole; in a mapping somebody wrote it to remove the chart's own value.
    if (held === undefined || (held === null && Array.isArray(holder))) return wantsList ? [] : new Map();
    const byHelm = wantsList || holder instanceof Map ? 'helm refuses that, too' : 'helm would drop it in silence';
    throw new TaskError(
      `${what()} is ${kindOf(held)}, so nothing can be set below it by ${wantsList ? 'an index' : 'a key'}; ${byHelm}. ` +
        'Set the whole of it, or change where it is given before.',
    );
  }

  #put(holder: ValueMap | Value[], part: string | number, value: Value, at: string): void {
    if (holder instanceof Map) return void holder.set(String(part), value);
    const place = Number(part);
    this.#holes += Math.max(place - holder.length, 0);
    if (this.#holes > mostHoles)
      throw new TaskError(
        `${at} makes lists longer by more than ${mostHoles} empty items; give the places in their order, from 0.`,
      );
    while (holder.length < place) holder.push(null);
    holder[place] = value;
  }
}

function mergeInto(base: ValueMap, over: ValueMap): void {
  for (const [key, value] of over) {
    const held = base.get(key);
    if (value instanceof Map && held instanceof Map) mergeInto(held, value);
    else base.set(key, value);
  }
}

function countOf(value: Value): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const member of value.values()) count += countOf(member);
  return count;
}

function memberOf(holder: ValueMap | Value[], part: string | number): Value | undefined {
  return holder instanceof Map ? holder.get(String(part)) : holder[Number(part)];
}

/** What kind of value it is, in words. */
export function kindOf(value: Value): string {
  if (value === null) return 'null, which removes it';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a mapping';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'true or false' : 'a number';
}
