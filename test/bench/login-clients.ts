import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Job } from '../agent/index.ts';
import type { Azure } from '../azure/index.ts';
import { call, fieldsOf } from '../players/azure/loopback-client.ts';

interface Config {
  readonly auths?: Readonly<Record<string, { auth?: string } | undefined>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** What a client found for a registry: `user:password`, the program that it would ask, or nothing. */
export type Found = { readonly login: string } | { readonly program: string } | undefined;

const configOf = (file: string): Config => JSON.parse(readFileSync(file, 'utf8')) as Config;

const plain = (auth: string | undefined): Found =>
  auth === undefined ? undefined : { login: Buffer.from(auth, 'base64').toString() };

/** A stand-in for docker: looks a login up by docker's own order (docker/cli, cli/config/configfile/file.go). */
export function dockerFinds({ variables }: Job, registry: string): Found {
  const config = configOf(path.join(variables.get('DOCKER_CONFIG') ?? '', 'config.json'));
  const program = config.credHelpers?.[registry] ?? config.credsStore;
  return program === undefined ? plain(config.auths?.[registry]?.auth) : { program };
}

/**
 * A stand-in for podman, buildah and skopeo: in one file, a program first, then the login of the longest part of the
 * image's name (containers/image, pkg/docker/config/config.go).
 */
export function buildahFinds({ variables }: Job, image: string): Found {
  const config = configOf(variables.get('REGISTRY_AUTH_FILE') ?? '');
  const parts = image.split('/');
  const program = config.credHelpers?.[parts[0] ?? ''];
  if (program !== undefined) return { program };
  const names = parts.map((_part, index) => parts.slice(0, parts.length - index).join('/'));
  const auth = names.map((name) => config.auths?.[name]?.auth).find((one) => one !== undefined);
  return plain(auth);
}

/**
 * What such a client gets with a login: the status of an image's manifest, asked for with a token, which it gets for user
 * and password (distribution specification, token authentication).
 */
export async function statusWith(azure: Azure, found: Found, image: string): Promise<number> {
  const login = found !== undefined && 'login' in found ? found.login : '';
  const [, registry = '', repository = '', tag = ''] = /^([^/]+)\/(.+):(.+)$/.exec(image) ?? [];
  const query = new URLSearchParams({ service: registry, scope: `repository:${repository}:pull` }).toString();
  const basic = `Basic ${Buffer.from(login).toString('base64')}`;
  const token = await call(azure, `https://${registry}/oauth2/token?${query}`, { headers: { authorization: basic } });
  if (token.status !== 200) return token.status;
  const authorization = `Bearer ${String(fieldsOf(token)['access_token'])}`;
  const url = `https://${registry}/v2/${repository}/manifests/${tag}`;
  return (await call(azure, url, { headers: { authorization, accept: imageType } })).status;
}

export const imageType = 'application/vnd.docker.distribution.manifest.v2+json';
