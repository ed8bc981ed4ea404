import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import { mappingOf } from './check-form.ts';
import type { Person } from './people.ts';

/** The JSON that a client sent. */
export async function sent(exchange: Exchange): Promise<unknown> {
  const value: unknown = JSON.parse((await exchange.bytes()).toString());
  return value;
}

/** The items of a list that a client sent. */
export async function sentList(exchange: Exchange): Promise<Readonly<Record<string, unknown>>[]> {
  const value = await sent(exchange);
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.map(mappingOf);
}

/** The text of a field, or undefined. */
export function textIn(value: unknown, field: string): string | undefined {
  const text = mappingOf(value)[field];
  return typeof text === 'string' || typeof text === 'number' ? String(text) : undefined;
}

/** Without a role on the environment the service does not tell whether it exists. */
export function notAllowed(exchange: Exchange): Promise<void> {
  const text = 'The user does not have required permissions to view assignment on the resource.';
  return exchange.json(403, trouble(text, 'AccessDeniedException'));
}

/** @param what completes "needs ... permissions" */
export function needs(exchange: Exchange, { displayName }: Person, what: string): Promise<void> {
  const text = `Access denied: ${displayName} needs ${what} permissions to perform the action.`;
  return exchange.json(403, trouble(text, 'AccessDeniedException'));
}

export function wrongMethod(exchange: Exchange): Promise<void> {
  const text = `The requested resource does not support http method '${exchange.method}'.`;
  return exchange.json(405, trouble(text, 'HttpMethodNotSupportedException'));
}
