import type { HelmEnd } from '../helm/index.ts';
import { shortenedInside } from '../text/shown.ts';

/**
 * What client-go and Go's net say of an API server that cannot answer just now. Only whether the same is tried once more goes
 * by these texts, never what happened. A list of what the server has that could not be had makes helm miss kinds that are
 * there, and a token that is refused (401) is renewed by client-go for the next request alone. A webhook that fails is no such
 * thing, though it is told in the same words.
 */
const unable =
  /connection refused|connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake|no such host|proxyconnect|Client\.Timeout|http2: |too many requests|etcdserver|an error on the server|currently unable to handle|Internal error occurred|Service Unavailable|Bad Gateway|Gateway Time-?out|failed to download openapi|(?:: |=)Unauthorized\b|couldn't get (?:current server API group|resource) list/i;
const webhook = /failed calling webhook/i;
/** The time for the wait at the end was up: that is about what was rolled out. */
const timeUp = /context deadline exceeded(?! \(Client\.Timeout)|timed out waiting/i;

/**
 * Whether helm may have failed for the API server's sake alone.
 * @param seen whether connections of helm's failed meanwhile, and no record says how it ended
 */
export function isOutage({ exitCode, signal, said }: HelmEnd, seen: boolean): boolean {
  if (exitCode === 0 || signal !== null || timeUp.test(said)) return false;
  return seen || (unable.test(said) && !webhook.test(said));
}

/** How a helm ended that did not end well, as part of a sentence: `failed with exit code 1 (Error: …)`. */
export function howItEnded({ exitCode, signal, said }: HelmEnd): string {
  const lines = said.split('\n');
  const at = lines.findLastIndex((line) => line.startsWith('Error:'));
  const told = shortenedInside((at < 0 ? lines.slice(-3) : lines.slice(at)).join(' ').trim(), 600).replace(/\.$/, '');
  const how = exitCode === null ? bySignal(signal) : `failed with exit code ${exitCode}`;
  return told === '' ? how : `${how} (${told})`;
}

/** Helm itself ends with an exit code when it is told to stop; it is only this step that says SIGTERM without one. */
function bySignal(signal: HelmEnd['signal']): string {
  if (signal === 'SIGTERM') return 'was told to stop';
  return `was ended by ${signal ?? 'a signal'}${signal === 'SIGKILL' ? ', as where memory runs out' : ''}`;
}
