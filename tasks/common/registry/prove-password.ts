import type { Sender } from '../network/index.ts';
import { checkedAnswer } from './client/answer.ts';
import { bearerChallenge, isOn } from './client/tokens.ts';
import type { PasswordLogin } from './sign-in.ts';

/**
 * Asks a registry whether it takes user and password, in the way that it asks for them: by itself, or for a token.
 * @returns false where nothing was sent, since tokens are had at another host: a password goes to its registry alone
 * @throws Refusal when the registry does not take them
 */
export async function provePassword(loginServer: string, login: PasswordLogin, send: Sender): Promise<boolean> {
  const base = `https://${loginServer}/v2/`;
  const asked = checkedAnswer(await send({ method: 'GET', url: base }), loginServer, [200, 401], 'sign-in');
  if (asked.status === 200) return false;
  const header = asked.headers.get('www-authenticate') ?? '';
  const challenge = bearerChallenge(header);
  if (challenge === undefined && !/(?:^|,\s*)basic\b/i.test(header)) return false;
  if (challenge !== undefined && !isOn(loginServer, challenge.realm)) return false;
  const url = challenge === undefined ? base : tokenAddress(challenge.realm, challenge.service ?? loginServer);
  const authorization = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const answer = await send({ method: 'GET', url, headers: { authorization } });
  checkedAnswer(answer, loginServer, [200], 'sign-in');
  return true;
}

/** A token that is good for nothing but to see that it is given (distribution specification, token authentication). */
function tokenAddress(realm: string, service: string): string {
  const url = new URL(realm);
  url.searchParams.set('service', service);
  return url.href;
}
