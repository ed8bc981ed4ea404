import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { oidcToken } from '../../../tasks/common/azure/oidc.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { refusalOf } from '../chart/refusal.ts';
import { networkContext } from '../network/network-context.ts';

describe('the token that proves a job’s service connection', () => {
  let azure: Azure;

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());

  const context = (accessToken = azure.job.accessToken) => ({
    ...networkContext({ proxyUrl: new URL(azure.proxyUrl), caFile: azure.caFile }),
    job: { oidcRequestUri: () => azure.job.oidcRequestUri, accessToken: () => accessToken },
  });

  it('is asked for anew each time, in one request', async () => {
    const { serviceConnectionId } = azure.identities.add({ kind: 'federated' });

    const first = await oidcToken(serviceConnectionId, context());
    const second = await oidcToken(serviceConnectionId, context());

    assert.match(first, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.notEqual(first, second);
    const [request] = azure.requests;
    assert.equal(azure.requests.length, 2);
    assert.equal(request?.query.get('api-version'), '7.1');
    assert.equal(request?.headers['content-length'], '0');
  });

  it('is refused for a connection that does not exist, and to a job that has ended', async () => {
    const unknown = randomUUID();
    const message = await refusalOf(() => oidcToken(unknown, context()));
    assert.match(
      message,
      new RegExp(`^Azure DevOps \\(dev\\.azure\\.com\\) issued no OIDC token .* ${unknown} \\(HTTP 404\\)`),
    );

    const { serviceConnectionId } = azure.identities.add({ kind: 'federated' });
    const ended = await refusalOf(() => oidcToken(serviceConnectionId, context('token-of-a-job-that-has-ended')));
    assert.match(ended, /\(HTTP 40[13]\)/);
    assert.doesNotMatch(ended, /token-of-a-job/);
  });

  it('cannot be a page', async () => {
    const { serviceConnectionId } = azure.identities.add({ kind: 'federated' });
    azure.fault({ kind: 'html' });

    assert.match(await refusalOf(() => oidcToken(serviceConnectionId, context())), /\(HTTP 200\)/);
  });

  it('is asked for again when the connection breaks', async () => {
    const { serviceConnectionId } = azure.identities.add({ kind: 'federated' });
    azure.fault({ kind: 'reset' });

    assert.match(await oidcToken(serviceConnectionId, context()), /^ey/);
  });
});
