import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { TaskError } from '../task/outcome.ts';
import { refuseWebPage } from './answer-policies.ts';
import { registryAnswer } from './registry-answer.ts';
import { ExchangeRefusal, type RefreshToken, type TokenExchange } from './sign-in.ts';

/** A registry that says nothing of a token's end gives it 75 minutes at least (Azure/acr, docs/AAD-OAuth.md). */
const shortestLifeMs = 75 * 60_000;

/**
 * Exchanges Entra access tokens at a registry: `POST https://{loginServer}/oauth2/exchange`.
 * @throws ExchangeRefusal when the registry refuses.
 */
export function tokenExchange(
  loginServer: string,
  send: (request: PipelineRequest) => Promise<PipelineResponse>,
): TokenExchange {
  return async (accessToken, tenantId) => {
    const form = new URLSearchParams({ grant_type: 'access_token', service: loginServer, access_token: accessToken });
    if (tenantId !== undefined) form.set('tenant', tenantId);
    const request = createPipelineRequest({
      url: `https://${loginServer}/oauth2/exchange`,
      method: 'POST',
      headers: createHttpHeaders({ 'content-type': 'application/x-www-form-urlencoded' }),
      body: form.toString(),
    });
    const response = await send(request);
    const body = response.bodyAsText ?? '';
    refuseWebPage(response, loginServer);
    if (response.status !== 200) throw new ExchangeRefusal(response.status, body);
    const token = registryAnswer(body, 'refresh_token');
    if (token === undefined) {
      throw new TaskError(
        `${loginServer} answered the token exchange with something else than a token; is it an Azure container registry?`,
      );
    }
    return { token, expires: expiry(token) } satisfies RefreshToken;
  };
}

/** Neither endpoint tells a token's life; it stands in the token (claim `exp`, seconds). */
function expiry(token: string): Date {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const seconds = /"exp"\s*:\s*"?(\d{1,12})/.exec(claims)?.[1];
  return new Date(seconds === undefined ? Date.now() + shortestLifeMs : Number(seconds) * 1000);
}
