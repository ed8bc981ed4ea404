import type { Exchange } from '../network/exchange.ts';
import type { UserPassword } from '../registry/settings.ts';

/** Plays the door of a registry that is none of Azure and knows nothing of tokens, such as one with a file of passwords. */
export function passwordRegistry({ username, password }: UserPassword): (exchange: Exchange) => Promise<void> {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  return async (exchange) => {
    if (exchange.authorization('Basic') !== credentials) {
      return exchange.send(401, { 'WWW-Authenticate': 'Basic realm="registry"' });
    }
    return exchange.path === '/v2/' ? exchange.json(200, {}) : exchange.send(404, {});
  };
}
