import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import path from 'node:path';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { manifestType, sha256, type Image } from './image.ts';
import type { ImageReference } from './reference.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Config {
  readonly auths?: Readonly<Record<string, { readonly auth?: string } | undefined>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * Pushes an image by the distribution API, with the login that docker's own config has for the registry. Gives the digest of
 * the manifest. Throws what the registry answered.
 */
export async function push(image: Image, { registry, repository, tag }: ImageReference): Promise<string> {
  const base = `https://${registry}/v2/${repository}`;
  const headers = await authorization(registry, repository);
  for (const { digest, content } of image.blobs) {
    if ((await send('HEAD', `${base}/blobs/${digest}`, headers)).status === 200) continue;
    const begun = accepted(await send('POST', `${base}/blobs/uploads/`, headers), 202);
    const location = new URL(begun.headers.location ?? '', base);
    location.searchParams.set('digest', digest);
    const type = { 'Content-Type': 'application/octet-stream' };
    accepted(await send('PUT', location.href, { ...headers, ...type }, content), 201);
  }
  const type = { 'Content-Type': manifestType };
  accepted(await send('PUT', `${base}/manifests/${tag}`, { ...headers, ...type }, image.manifest), 201);
  return sha256(image.manifest);
}

/** Asks for a token where the registry's challenge says; the login goes there alone. */
async function authorization(registry: string, repository: string): Promise<Record<string, string>> {
  const { status, headers } = await send('GET', `https://${registry}/v2/`, {});
  const challenge = headers['www-authenticate'] ?? '';
  if (status === 200) return {};
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const login = loginFor(registry);
  const basic = login === undefined ? undefined : { Authorization: `Basic ${login}` };
  if (!/^bearer /i.test(challenge)) return basic ?? {};
  const realm = new URL(field('realm'));
  realm.searchParams.set('service', field('service'));
  realm.searchParams.set('scope', `repository:${repository}:pull,push`);
  const answer = accepted(await send('GET', realm.href, basic ?? {}), 200);
  const { access_token: access, token } = JSON.parse(answer.body) as { access_token?: string; token?: string };
  return { Authorization: `Bearer ${access ?? token ?? ''}` };
}

/** `user:password` in base64, as docker's config keeps it; undefined when it has none. */
function loginFor(registry: string): string | undefined {
  const { DOCKER_CONFIG, HOME = '' } = process.env;
  const file = path.join(DOCKER_CONFIG ?? path.join(HOME, '.docker'), 'config.json');
  const config = configOf(file);
  const program = config.credHelpers?.[registry] ?? config.credsStore;
  if (program !== undefined) throw new Error(`${file} asks docker-credential-${program}, which is not supported.`);
  return config.auths?.[registry]?.auth;
}

function configOf(file: string): Config {
  let text = '{}';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // docker goes on without a config, too.
  }
  return JSON.parse(text) as Config;
}

function accepted(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`The registry answered ${answer.status}: ${answer.body.trim()}`);
}

/** By the proxy and the authorities that the environment names, as docker and its daemon are told of them. */
async function send(method: string, url: string, headers: OutgoingHttpHeaders, body?: Buffer): Promise<Answer> {
  const { HTTPS_PROXY = '', SSL_CERT_FILE = '' } = process.env;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const length = { 'Content-Length': body?.length ?? 0 };
    const options = {
      method,
      headers: { ...headers, ...(method !== 'GET' && method !== 'HEAD' && length) },
      ...(HTTPS_PROXY !== '' && { agent: new HttpsProxyAgent(HTTPS_PROXY) }),
      ...(SSL_CERT_FILE !== '' && { ca: readFileSync(SSL_CERT_FILE) }),
    };
    request(url, options, resolve).on('error', reject).end(body);
  });
  const chunks: Buffer[] = await response.toArray();
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() };
}
