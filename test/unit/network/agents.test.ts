import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { agentChooser } from '../../../tasks/common/network/agents.ts';
import { refusalOf } from '../chart/refusal.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';
import { networkContext } from './network-context.ts';

describe('the way to a host', () => {
  const scratch = new ScratchFolder();
  const proxyUrl = new URL('http://user:word@proxy.contoso.example:8080');
  const registry = new URL('https://contoso.azurecr.io/v2/');

  it('is direct without a proxy', async () => {
    const agentFor = agentChooser(networkContext().network);

    assert.ok((await agentFor(registry)) instanceof https.Agent);
    assert.equal((await agentFor(new URL('http://169.254.169.254/'))).constructor, http.Agent);
  });

  it('leads through the proxy, but for what bypasses it', async () => {
    const settings = { proxyUrl, bypassesProxy: (url: URL) => url.hostname.endsWith('.internal.example') };
    const agentFor = agentChooser(networkContext(settings).network);

    assert.ok((await agentFor(registry)) instanceof HttpsProxyAgent);
    assert.ok((await agentFor(new URL('http://contoso.example/'))) instanceof HttpProxyAgent);
    assert.ok((await agentFor(new URL('https://a.internal.example/'))) instanceof https.Agent);
  });

  it('is kept open for the next request', async () => {
    const agentFor = agentChooser(networkContext({ proxyUrl }).network);

    assert.equal(await agentFor(registry), await agentFor(new URL('https://fabrikam.azurecr.io/')));
  });

  it('cannot trust a file that is not there, which is told', async () => {
    const caFile = path.join(scratch.fresh('nowhere'), 'ca.pem');

    const message = await refusalOf(() => agentChooser(networkContext({ caFile }).network));

    assert.match(
      message,
      /^The agent's file of certificate authorities cannot be read \(ENOENT.*correct Agent\.CAInfo/,
    );
  });
});
