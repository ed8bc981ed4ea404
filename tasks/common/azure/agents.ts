import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { messageOf, TaskError } from '../task/errors.ts';
import type { NetworkSettings } from '../task/network.ts';

/** Chooses the connection pool for an address: direct or through the proxy, trusting the agent's authorities. */
export type AgentChooser = (url: URL) => Promise<http.Agent>;

/** Azure's instance metadata service answers only inside the virtual machine; proxies do not reach it. */
const metadataHost = '169.254.169.254';

/**
 * The connection pools of one step.
 * @throws TaskError when the file of certificate authorities cannot be read.
 */
export function agentChooser(network: NetworkSettings): AgentChooser {
  const ca = network.caFile === undefined ? {} : { ca: trusted(network.caFile) };
  const options = { keepAlive: true, ...ca };
  const direct = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent(options) };
  const proxy = network.proxyUrl;
  const proxied = proxy && {
    'http:': new HttpProxyAgent(proxy, { keepAlive: true }),
    'https:': new HttpsProxyAgent(proxy, options),
  };
  return async (url) => {
    const protocol = url.protocol === 'http:' ? 'http:' : 'https:';
    if (!proxied || network.bypassesProxy(url)) return direct[protocol];
    if (url.hostname === metadataHost && (await answers(metadataHost, 80))) return direct[protocol];
    return proxied[protocol];
  };
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

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 });
    const end = (reachable: boolean) => (): void => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}
