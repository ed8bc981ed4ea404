import type { Fields } from '../objects.ts';
import { Refusal } from '../refusal.ts';
import { isFields } from './list-kinds.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** RFC 6902. Throws a Refusal where an operation finds nothing, or a test fails. */
export function jsonPatch(target: Fields, operations: readonly Operation[]): Fields {
  const result = structuredClone(target);
  for (const { op, path, from = '', value } of operations) {
    if (op === 'test') {
      if (JSON.stringify(at(result, path)) !== JSON.stringify(value)) throw fail(op, path);
    } else if (op === 'remove') {
      remove(result, path);
    } else if (op === 'move') {
      const moved = at(result, from);
      remove(result, from);
      add(result, path, moved, false);
    } else {
      add(result, path, op === 'copy' ? structuredClone(at(result, from)) : value, op === 'replace');
    }
  }
  return result;
}

type Holder = Fields | unknown[];

function holderOf(root: Holder, path: string): { holder: Holder; last: string } {
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop() ?? '';
  const holder = parts.reduce<unknown>((value, part) => member(value, part), root);
  if (!isFields(holder) && !Array.isArray(holder)) throw fail('find', path);
  return { holder, last };
}

function member(value: unknown, name: string): unknown {
  return Array.isArray(value) ? (value as unknown[])[Number(name)] : isFields(value) ? value[name] : undefined;
}

function at(root: Holder, path: string): unknown {
  const { holder, last } = holderOf(root, path);
  return member(holder, last);
}

function add(root: Holder, path: string, value: unknown, mustExist: boolean): void {
  const { holder, last } = holderOf(root, path);
  if (mustExist && member(holder, last) === undefined) throw fail('replace', path);
  if (!Array.isArray(holder)) holder[last] = value;
  else if (mustExist) holder[Number(last)] = value;
  else holder.splice(last === '-' ? holder.length : Number(last), 0, value);
}

function remove(root: Holder, path: string): void {
  const { holder, last } = holderOf(root, path);
  if (member(holder, last) === undefined) throw fail('remove', path);
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}

function fail(operation: string, path: string): Refusal {
  const text = `the server rejected our request due to an error in our request: ${operation} ${path}`;
  return new Refusal(422, 'Invalid', text);
}
