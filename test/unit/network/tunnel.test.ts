import assert from 'node:assert/strict';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { agentChooser } from '../../../tasks/common/network/agents.ts';
import { type Azure, startAzure } from '../../azure/index.ts';
import { networkContext } from './network-context.ts';

describe('https through a proxy', () => {
  let azure: Azure;
  before(async () => {
    azure = await startAzure();
    azure.registry('contoso.azurecr.io');
  });
  after(() => azure.close());

  it("trusts the agent's authorities, and several requests share one connection", async () => {
    const { caFile } = azure;
    const agentFor = agentChooser(networkContext({ proxyUrl: new URL(azure.proxyUrl), caFile }).network);
    const agent = await agentFor(new URL('https://contoso.azurecr.io/v2/'));
    assert.ok(agent instanceof HttpsProxyAgent);
    let connections = 0;
    agent.on('proxyConnect', () => (connections += 1));
    for (const path of ['/v2/', '/v2/_catalog', '/v2/']) assert.equal(await statusOf(path, agent), 401);
    assert.equal(connections, 1);
    agent.destroy();
  });
});

/** Asks as the Azure SDK does, which gives the parts of an address but no protocol. */
function statusOf(path: string, agent: https.Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = https.get({ hostname: 'contoso.azurecr.io', port: '', path, agent }, (response) => {
      response.resume().once('end', () => setImmediate(() => resolve(response.statusCode)));
    });
    request.once('error', reject);
  });
}
