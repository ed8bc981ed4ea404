import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Azure } from '../../azure/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Call {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Sent as a form post. */
  readonly form?: Record<string, string>;
}

/**
 * Calls a host that Azure plays, by its proxy, trusting one authority alone: that of all hosts, or `authority` (PEM).
 * Follows no redirect.
 */
export async function call(
  azure: Pick<Azure, 'environment' | 'caFile'>,
  url: string,
  { method, headers, body, form }: Call = {},
  authority?: string,
): Promise<Answer> {
  const proxy = azure.environment['HTTPS_PROXY'] ?? '';
  const type = form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
  const content = form === undefined ? body : new URLSearchParams(form).toString();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: method ?? (form === undefined ? 'GET' : 'POST'),
        headers: { ...type, ...headers },
        agent: new HttpsProxyAgent(proxy),
        ca: authority ?? readFileSync(azure.caFile),
      },
      resolve,
    );
    outgoing.on('error', reject).end(content);
  });
  const chunks: Buffer[] = await response.toArray();
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The fields of a JSON answer. */
export function fieldsOf({ body }: Answer): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

/** The code of a registry's error answer. */
export function codeOf(answer: Answer): string | undefined {
  const { errors } = fieldsOf(answer) as { errors?: { code: string }[] };
  return errors?.[0]?.code;
}
