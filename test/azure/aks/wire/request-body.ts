import { parse } from 'yaml';
import type { Exchange } from '../../network/exchange.ts';
import type { Fields } from '../objects.ts';
import { Refusal } from '../refusal.ts';
import { decodeObject } from './messages.ts';

/** The type of a request's body without its parameters. */
export function mediaType(exchange: Exchange): string {
  return (exchange.header('content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The object in a body: JSON, YAML or, for the kinds that helm and kubectl send in it, protobuf. Throws a Refusal. */
export async function objectIn(exchange: Exchange): Promise<Fields> {
  const type = mediaType(exchange);
  const body = await exchange.bytes();
  if (body.length === 0) return {};
  const read = readers[type];
  const object = read === undefined ? undefined : attempt(() => read(body));
  if (typeof object === 'object' && object !== null) return object as Fields;
  throw new Refusal(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - ${type}`);
}

const readers: Readonly<Record<string, (body: Buffer) => unknown>> = {
  'application/json': (body) => JSON.parse(body.toString()) as unknown,
  'application/json-patch+json': (body) => JSON.parse(body.toString()) as unknown,
  'application/merge-patch+json': (body) => JSON.parse(body.toString()) as unknown,
  'application/strategic-merge-patch+json': (body) => JSON.parse(body.toString()) as unknown,
  'application/apply-patch+yaml': (body) => parse(body.toString()) as unknown,
  'application/yaml': (body) => parse(body.toString()) as unknown,
  'application/vnd.kubernetes.protobuf': decodeObject,
};

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Refusal(400, 'BadRequest', `the body of the request cannot be read: ${String(error)}`);
  }
}
