import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { NetworkSettings } from '../task/network.ts';
import { messageOf, TaskError } from '../task/outcome.ts';

/** Chooses the connection pool for an address: direct or through the proxy, trusting the agent's authorities. */
export type AgentChooser = (url: URL) => Promise<http.Agent> | http.Agent;

const choosers = new WeakMap<NetworkSettings, AgentChooser>();

/**
 * The connection pools of one step, which all its clients share.
 * @throws TaskError when the file of certificate authorities cannot be read.
 */
export function agentChooser(network: NetworkSettings): AgentChooser {
  const chooser = choosers.get(network) ?? newChooser(network);
  choosers.set(network, chooser);
  return chooser;
}

function newChooser(network: NetworkSettings): AgentChooser {
  const trust = network.caFile === undefined ? {} : { secureContext: trusting(network.caFile) };
  const options = { keepAlive: true, ...trust };
  const direct = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent(options) };
  const proxied = network.proxyUrl && {
    'http:': new HttpProxyAgent(network.proxyUrl, { keepAlive: true }),
    'https:': new Tunnel(network.proxyUrl, options),
  };
  return async (url) => {
    const protocol = url.protocol === 'http:' ? 'http:' : 'https:';
    if (!proxied || network.bypassesProxy(url)) return direct[protocol];
    if (url.hostname === metadataHost && (await reachesMetadata())) return direct[protocol];
    return proxied[protocol];
  };
}

/** Leads https requests through a proxy, several through one connection. */
export class Tunnel extends HttpsProxyAgent<string> {
  /** @param toProxy for the connection to the proxy itself, if that is to know less */
  constructor(proxy: URL | string, options: https.AgentOptions, toProxy = options) {
    super(proxy, toProxy);
    // It takes the options for the connection to the proxy alone; the one that leads through it needs them as well.
    Object.assign(this.options, options);
  }

  /** Left to itself it guesses from the stack trace, wrongly when a connection is free again, and never uses one twice. */
  override isSecureEndpoint(): boolean {
    return true;
  }
}

/**
 * Node takes NODE_EXTRA_CA_CERTS only from its start; the agent's own setting comes later, so it is added here, once for
 * all connections. `addCACert` of the context's inner part is what `ca` calls, too; beside it `ca` would have to list the
 * 150 well-known authorities, whose parsing takes 30 ms, a tenth of a step.
 */
function trusting(caFile: string): tls.SecureContext {
  const files = new Set([caFile, process.env['NODE_EXTRA_CA_CERTS'] || caFile]);
  try {
    const own = [...files].map((file) => readFileSync(file, 'utf8'));
    const context = tls.createSecureContext();
    const inner: unknown = context.context;
    if (!hasAddCaCert(inner)) return tls.createSecureContext({ ca: [...tls.rootCertificates, ...own] });
    for (const pem of own) inner.addCACert(pem);
    return context;
  } catch (error) {
    throw new TaskError(
      `The agent's file of certificate authorities cannot be read (${messageOf(error)}); ` +
        'correct Agent.CAInfo (config --sslcacert) or NODE_EXTRA_CA_CERTS.',
    );
  }
}

function hasAddCaCert(inner: unknown): inner is { addCACert(pem: string): void } {
  return typeof inner === 'object' && inner !== null && 'addCACert' in inner && typeof inner.addCACert === 'function';
}

/** Azure's instance metadata service answers only inside the virtual machine; proxies do not reach it. */
export const metadataHost = '169.254.169.254';

/** A machine of Azure answers within milliseconds, but this one may be busy. */
const answerMs = 5000;

/**
 * Whether the metadata service can be reached without a proxy. A mere connection proves nothing: some networks answer
 * for every address.
 */
export function reachesMetadata(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(
      {
        host: metadataHost,
        path: '/metadata/versions',
        headers: { metadata: 'true' },
        // A time limit of the socket would begin anew with each byte.
        signal: AbortSignal.timeout(answerMs),
        agent: false,
      },
      (response) => {
        resolve(response.statusCode === 200);
        response.destroy();
      },
    );
    request.once('error', () => resolve(false));
  });
}
