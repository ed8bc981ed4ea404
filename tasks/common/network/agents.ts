import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { messageOf, TaskError } from '../task/errors.ts';
import type { NetworkSettings } from '../task/network.ts';
import { metadataHost, reachesMetadata } from './metadata-service.ts';

/** Chooses the connection pool for an address: direct or through the proxy, trusting the agent's authorities. */
export type AgentChooser = (url: URL) => Promise<http.Agent>;

/**
 * The connection pools of one step.
 * @throws TaskError when the file of certificate authorities cannot be read.
 */
export function agentChooser(network: NetworkSettings): AgentChooser {
  const ca = network.caFile === undefined ? {} : { ca: trusted(network.caFile) };
  const options = { keepAlive: true, ...ca };
  const direct = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent(options) };
  const proxied = network.proxyUrl && {
    'http:': new HttpProxyAgent(network.proxyUrl, { keepAlive: true }),
    'https:': tunnel(network.proxyUrl, options),
  };
  return async (url) => {
    const protocol = url.protocol === 'http:' ? 'http:' : 'https:';
    if (!proxied || network.bypassesProxy(url)) return direct[protocol];
    if (url.hostname === metadataHost && (await reachesMetadata())) return direct[protocol];
    return proxied[protocol];
  };
}

/** https-proxy-agent takes its options for the connection to the proxy alone; the one through it needs them as well. */
function tunnel(proxy: URL, options: https.AgentOptions): HttpsProxyAgent<string> {
  const agent = new HttpsProxyAgent(proxy, options);
  Object.assign(agent.options, options);
  return agent;
}

/** Node takes NODE_EXTRA_CA_CERTS only from its start; the agent's own setting comes later, so it is added here. */
function trusted(caFile: string): string[] {
  const files = new Set([caFile, process.env['NODE_EXTRA_CA_CERTS'] || caFile]);
  try {
    return [...tls.rootCertificates, ...[...files].map((file) => readFileSync(file, 'utf8'))];
  } catch (error) {
    throw new TaskError(
      `The agent's file of certificate authorities cannot be read (${messageOf(error)}); ` +
        'correct Agent.CAInfo (config --sslcacert) or NODE_EXTRA_CA_CERTS.',
    );
  }
}
