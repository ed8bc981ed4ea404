import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpRequest } from '../../../tasks/common/network/index.ts';
import { Repository } from '../../../tasks/common/registry/client/repository.ts';
import { RegistryTokens } from '../../../tasks/common/registry/client/tokens.ts';
import { publicRegistry } from '../../../tasks/common/registry/named.ts';
import { nobody } from '../../../tasks/common/registry/sign-in.ts';
import { refusalOf } from '../chart/refusal.ts';

/** Asks a registry for a tag as nobody; tokens are had where `challenge` says. */
async function ask(loginServer: string, challenge: string): Promise<{ seen: HttpRequest[]; failure: unknown }> {
  const seen: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    seen.push(request);
    const { host, pathname } = new URL(request.url);
    const isApi = host === loginServer && pathname.startsWith('/v2/');
    const isSignedIn = request.headers?.['authorization'] === 'Bearer a-token';
    const status = isApi && !isSignedIn ? 401 : 200;
    const headers = createHttpHeaders(status === 401 ? { 'www-authenticate': challenge } : {});
    return { status, headers, bytes: Buffer.from('{"token":"a-token"}'), stream: undefined };
  };
  const signIn = nobody(loginServer);
  const tokens = new RegistryTokens(loginServer, signIn, send, () => undefined);
  const senders = { send, sendOnce: send, signal: new AbortController().signal };
  const repository = new Repository({ loginServer, repository: 'charts/app', signIn }, tokens, senders);
  const failure = await repository.find('1.2.3', 'pull').then(
    () => undefined,
    (error: unknown) => error,
  );
  return { seen, failure };
}

/** Inputs without a connection. */
const named = (value?: string) => ({
  azureSubscription: undefined,
  containerRegistry: undefined,
  registry: { input: 'registry', value },
});

describe('Nobody, who is not signed in,', () => {
  for (const [loginServer, realm] of [
    ['contoso.azurecr.io', 'https://contoso.azurecr.io/oauth2/token'],
    ['registry-1.fabrikam.example', 'https://auth.fabrikam.example/token'],
    ['registry.fabrikam.example', 'https://fabrikam.example/jwt/auth?client=x'],
  ] as const) {
    it(`gets the tokens of ${loginServer} from ${new URL(realm).host} by a question that proves nothing`, async () => {
      const { seen, failure } = await ask(loginServer, `Bearer realm="${realm}",service="the registry"`);
      assert.equal(failure, undefined);
      const [question, ...others] = seen.filter(({ url }) => url.startsWith(realm));
      assert.deepEqual(others, []);
      const { searchParams } = new URL(question?.url ?? '');
      assert.equal(searchParams.get('service'), 'the registry');
      assert.equal(searchParams.get('scope'), 'repository:charts/app:pull');
      assert.deepEqual([question?.method, question?.headers, question?.body], ['GET', undefined, undefined]);
    });
  }

  for (const [loginServer, realm] of [
    ['contoso.azurecr.io', 'https://fabrikam.example/token'],
    ['contoso.azurecr.io', 'http://contoso.azurecr.io/token'],
    ['fabrikam.example', 'https://other.example/token'],
  ] as const) {
    it(`is not sent by ${loginServer} to ${realm}`, async () => {
      const { seen, failure } = await ask(loginServer, `Bearer realm="${realm}"`);
      assert.match(String(failure), /does not sign clients in the way/);
      assert.ok(seen.every(({ url }) => new URL(url).origin === `https://${loginServer}`));
    });
  }

  it('hears which connection to give where a registry wants one', async () => {
    const { failure } = await ask('registry.fabrikam.example', 'Basic realm="x"');
    assert.match(
      String(failure),
      /registry\.fabrikam\.example does not give charts\/app to everybody \(HTTP 401\): .* as input containerRegistry, with/,
    );
  });

  it('asks the registry that a reference or the input names, but not two', async () => {
    const referred = { input: 'chartRef', loginServer: 'contoso.azurecr.io' };
    assert.equal(publicRegistry(named(), referred), 'contoso.azurecr.io');
    assert.equal(publicRegistry(named('Contoso.azurecr.io'), referred), 'contoso.azurecr.io');
    assert.match(
      await refusalOf(() => publicRegistry(named('fabrikam.azurecr.io'), referred)),
      /^Input chartRef names .* leave one of them out/,
    );
    assert.match(await refusalOf(() => publicRegistry(named())), /^Input registry is empty/);
  });
});
