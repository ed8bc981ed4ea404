import type { NetworkContext } from './http.ts';
import { httpSender } from './sender.ts';

/**
 * Opens a connection that is needed soon, while other requests are under way: the tunnel through a proxy and the TLS
 * handshake take two round trips. It is a GET whose answer does not matter, since what opens connections is the inside of
 * Node's agent; whatever goes wrong shows where the connection is needed.
 * @param url an address of the host that anybody may ask
 */
export function connectAhead(url: string, context: NetworkContext): void {
  const quiet = { ...context, log: { ...context.log, info: () => undefined } };
  void httpSender(quiet, 'never')({ method: 'GET', url }).catch(() => undefined);
}
