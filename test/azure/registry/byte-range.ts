import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Exchange } from '../network/exchange.ts';

/** Answers with a file, or with the part of it that the Range header asks for. */
export async function sendFile(exchange: Exchange, path: string, headers: OutgoingHttpHeaders): Promise<void> {
  const { size } = await stat(path);
  const type = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes', ...headers };
  const range = /^bytes=(\d+)-(\d*)$/.exec(exchange.header('range') ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (range !== null && start > end) return exchange.send(416, { 'Content-Range': `bytes */${size}` });
  const stream = size === 0 ? Readable.from([]) : createReadStream(path, { start, end });
  const part = range === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` };
  await exchange.send(range === null ? 200 : 206, { ...type, ...part }, { stream, length: end - start + 1 });
}
