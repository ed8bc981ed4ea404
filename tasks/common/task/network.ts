import path from 'node:path';
import { unescape } from 'node:querystring';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { learnSecret } from '../text/shown.ts';
import { log } from './log.ts';
import { quietly } from './secrets.ts';

/** How this agent reaches the network. */
export interface NetworkSettings {
  /** Proxy address with user and password, if any. */
  readonly proxyUrl: URL | undefined;
  /** True when the proxy must not be used for this address. */
  bypassesProxy(url: URL): boolean;
  /** The bypass list as Go and most command-line tools read it (NO_PROXY). */
  readonly noProxy: string;
  /** PEM file with certificate authorities to trust besides the well-known ones. */
  readonly caFile: string | undefined;
}

/** Proxy and certificate settings: the agent's own (config.sh --proxyurl, --sslcacert), else the environment's. */
export function networkSettings(): NetworkSettings {
  const settings = readSettings();
  // Every program that the proxy's address is handed to may print it.
  const { username = '', password = '' } = settings.proxyUrl ?? {};
  if (password !== '') {
    [password, unescape(password), unescape(`${username}:${password}`)].forEach(learnSecret);
  }
  return settings;
}

function readSettings(): NetworkSettings {
  const caFile = tl.getVariable('Agent.CAInfo') || process.env['NODE_EXTRA_CA_CERTS'] || undefined;
  const noProxy = environment('NO_PROXY') ?? '';
  const agentProxy = tl.getVariable('Agent.ProxyUrl');
  if (!agentProxy) {
    const proxy = environment('HTTPS_PROXY') ?? environment('ALL_PROXY') ?? environment('HTTP_PROXY');
    return { proxyUrl: asUrl(proxy), noProxy, caFile, bypassesProxy: (url) => isLocal(url) || listed(url, noProxy) };
  }
  const proxyUrl = asUrl(agentProxy);
  if (proxyUrl) {
    proxyUrl.username = encodeURIComponent(tl.getVariable('Agent.ProxyUsername') ?? '');
    proxyUrl.password = encodeURIComponent(quietly(() => tl.getVariable('Agent.ProxyPassword')) ?? '');
  }
  const patterns = bypassPatterns(tl.getVariable('Agent.ProxyBypassList'));
  return {
    proxyUrl,
    noProxy: [noProxy, ...patterns.map(hostOfPattern)].filter((host) => host !== '').join(','),
    caFile,
    bypassesProxy: (url) => isLocal(url) || listed(url, noProxy) || patterns.some((pattern) => pattern.test(url.href)),
  };
}

/** The same settings for a command-line tool: curl, git and every Go program read these names. */
export function toolNetwork(settings: NetworkSettings): Record<string, string> {
  const { proxyUrl, noProxy, caFile } = settings;
  const authority = process.env['SSL_CERT_FILE'] || caFile;
  return {
    ...(proxyUrl && { HTTPS_PROXY: proxyUrl.href, HTTP_PROXY: proxyUrl.href }),
    ...(noProxy !== '' && { NO_PROXY: noProxy }),
    // Programs run in another folder than the task.
    ...(authority && { SSL_CERT_FILE: path.resolve(authority) }),
  };
}

/**
 * Settings under which a Go program reaches no other machine: all is sent to a proxy on a port that nobody can listen
 * on. Go asks this machine itself past any proxy (net/http, ProxyFromEnvironment).
 */
export const noNetwork: Readonly<Record<string, string | undefined>> = {
  HTTPS_PROXY: 'http://127.0.0.1:0',
  HTTP_PROXY: 'http://127.0.0.1:0',
  NO_PROXY: undefined,
  no_proxy: undefined,
};

function environment(name: string): string | undefined {
  return process.env[name] || process.env[name.toLowerCase()] || undefined;
}

function asUrl(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const address = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

function isLocal(url: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** NO_PROXY: hosts and domain suffixes, comma separated; `*` means every host. */
function listed(url: URL, noProxy: string): boolean {
  return noProxy.split(',').some((entry) => {
    const host = entry
      .trim()
      .toLowerCase()
      .replace(/^\*?\./, '')
      .replace(/:\d+$/, '');
    if (host === '') return false;
    return host === '*' || url.hostname === host || url.hostname.endsWith(`.${host}`);
  });
}

/** The agent keeps its bypass list (.proxybypass) as a JSON array of regular expressions. */
function bypassPatterns(list: string | undefined): RegExp[] {
  try {
    const entries: unknown = JSON.parse(list || '[]');
    if (!Array.isArray(entries)) return [];
    return entries.filter((entry) => typeof entry === 'string').flatMap(bypassPattern);
  } catch {
    log.warning("The agent's proxy bypass list (.proxybypass) cannot be read, so it is not used.");
    return [];
  }
}

function bypassPattern(entry: string): RegExp[] {
  try {
    return [new RegExp(entry, 'i')];
  } catch {
    log.warning(`The agent's proxy bypass list (.proxybypass) holds '${entry}', which is no regular expression.`);
    return [];
  }
}

/** The host that a bypass expression such as `^https://.*\.contoso\.com` speaks of, as NO_PROXY would name it. */
function hostOfPattern(pattern: RegExp): string {
  const plain = pattern.source
    .replace(/\\\//g, '/')
    .replace(/^\^?(https?\??:\/\/)?/, '')
    .replace(/[/$].*$/, '');
  const host = plain.replace(/^(\.\*|\(\.\*\)|\[\^\/\]\*)/, '').replace(/\\\./g, '.');
  return /^[\w.-]+$/.test(host) ? host : '';
}
