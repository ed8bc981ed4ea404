import { createHmac, timingSafeEqual } from 'node:crypto';
import { TaskError } from '../task/errors.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Handoff } from './handoff.ts';

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
