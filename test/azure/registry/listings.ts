import type { Exchange } from '../network/exchange.ts';

const defaultPageSize = 100;

/** Answers with one page of a sorted list of names under `key`, and with a link to the next page if there is one. */
export function sendPage(exchange: Exchange, names: readonly string[], key: string, rest: object = {}): Promise<void> {
  const size = Number(exchange.query.get('n') ?? defaultPageSize);
  const last = exchange.query.get('last');
  const from = last === null ? 0 : names.findIndex((name) => name > last);
  const page = from === -1 ? [] : names.slice(from, from + size);
  const isLast = page.at(-1) === names.at(-1) || page.length === 0;
  const next = new URLSearchParams({ last: page.at(-1) ?? '', n: String(size), orderby: '' });
  const headers = isLast ? {} : { Link: `<${exchange.path}?${next.toString()}>; rel="next"` };
  return exchange.json(200, { ...rest, [key]: page }, headers);
}
