import { isMapping } from '../go/mapping.ts';

/** A field of what may be a mapping, by the names on the way to it; undefined where it is none. */
export function field(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => (isMapping(inner) ? inner[name] : undefined), value);
}

/** A text, or an empty one for what is none. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A number, or 0 for what is none. */
export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** A list, or an empty one for what is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A time as the API server writes it; undefined for what is none. */
export function time(value: unknown): Date | undefined {
  const date = new Date(text(value));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
