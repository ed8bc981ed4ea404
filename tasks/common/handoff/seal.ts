import { createHmac, timingSafeEqual } from 'node:crypto';
import { TaskError } from '../task/outcome.ts';
import type { Handoff } from './schema.ts';

/**
 * The one text that stands for a JSON value, whatever the order of its keys and its white space (RFC 8785): keys sorted
 * by UTF-16 code units, no white space, numbers and texts as JavaScript writes them. Members that are undefined are
 * left out. The value must be JSON without lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Anybody who has a sealed file can try keys at leisure. */
const shortestKey = 16;

/**
 * The handoff with its seal, in the place of any it had.
 * @throws TaskError when the key is too short.
 */
export function sealed(handoff: Handoff, key: string): Handoff {
  return { ...handoff, seal: { algorithm: 'HMAC-SHA256', value: hmac(handoff, key).toString('hex') } };
}

/** @throws TaskError when the handoff has no seal, or not the one that this key gives. */
export function checkSeal(handoff: Handoff, key: string): void {
  const expected = hmac(handoff, key);
  if (handoff.seal === undefined) {
    throw new TaskError(
      'variables.json has no seal, but a sealKey is given: give HandoffPublish in the CI pipeline the same sealKey, ' +
        'or find out who replaced the file.',
    );
  }
  if (!timingSafeEqual(Buffer.from(handoff.seal.value, 'hex'), expected)) {
    throw new TaskError(
      'The seal of variables.json does not fit its content: the file was changed after it was written, ' +
        'or CI and CD have different sealKeys.',
    );
  }
}

function hmac({ seal: _seal, ...content }: Handoff, key: string): Buffer {
  if (key.length < shortestKey) {
    throw new TaskError(
      `The sealKey has ${key.length} characters; use at least ${shortestKey}, such as the output of openssl rand -base64 32.`,
    );
  }
  return createHmac('sha256', key).update(canonicalJson(content)).digest();
}
