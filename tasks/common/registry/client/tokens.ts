import type { HttpAnswer, HttpRequest, Sender } from '../../network/index.ts';
import { TaskError } from '../../task/outcome.ts';
import type { RegistrySignIn } from '../sign-in.ts';
import { answerField, checkedAnswer, lifeOf, Refusal } from './answer.ts';

/** What a registry says to somebody without a token: where to get one, or that it wants none. */
interface Challenge {
  readonly realm: string;
  readonly service: string | undefined;
}

/** A token that says nothing of its end is good for a minute (distribution specification, token authentication). */
const shortestLifeMs = 60_000;
/** So long before its end a token is no longer used. */
const marginMs = 15_000;

interface Token {
  readonly value: string;
  readonly ends: number;
}

/**
 * The tokens of one registry by what they allow, such as `repository:helm/app:pull,push`. The first one asks the
 * registry where tokens are had, while we sign in; each is asked for once, however many wait for it.
 */
export class RegistryTokens {
  readonly #loginServer: string;
  readonly #signIn: RegistrySignIn;
  readonly #send: Sender;
  readonly #mask: (secret: string) => void;
  readonly #tokens = new Map<string, Promise<Token | undefined>>();
  #challenge: Promise<Challenge | undefined> | undefined;

  constructor(loginServer: string, signIn: RegistrySignIn, send: Sender, mask: (secret: string) => void) {
    this.#loginServer = loginServer;
    this.#signIn = signIn;
    this.#send = send;
    this.#mask = mask;
  }

  /** Begins all that can be done before it is known what the token is for. A failure shows where the token is needed. */
  prepare(): void {
    void Promise.allSettled([this.#challenged(), this.#signIn.proof()]);
  }

  /** Sends a request with the right to `scope`; a token that is no longer taken is renewed once. */
  async send(request: HttpRequest, scope: string, send: Sender): Promise<HttpAnswer> {
    for (let isFirst = true; ; isFirst = false) {
      const authorization = await this.#authorization(scope);
      const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
      const answer = await send({ ...request, headers });
      if (answer.status !== 401 || !isFirst) return answer;
      await this.#refused(scope, authorization, answer.headers.get('www-authenticate'));
    }
  }

  /** The header that proves the right to `scope`; undefined where the registry wants none. @throws Refusal, TaskError */
  async #authorization(scope: string): Promise<string | undefined> {
    const held = this.#tokens.get(scope);
    const known = await (held ?? this.#ask(scope));
    if (held === undefined || known === undefined || known.ends - Date.now() > marginMs) return headerOf(known);
    // Of all who hold a token that ends only the first asks for another one.
    const current = this.#tokens.get(scope);
    return headerOf(await (current === undefined || current === held ? this.#ask(scope) : current));
  }

  /** The registry did not take a token, so the next one is a fresh one, if nobody has asked for that yet. */
  async #refused(scope: string, authorization: string | undefined, header: string | undefined): Promise<void> {
    const held = this.#tokens.get(scope);
    const current = await held?.catch(() => undefined);
    if (headerOf(current) === authorization && this.#tokens.get(scope) === held) this.#tokens.delete(scope);
    const challenge = bearerChallenge(header ?? '');
    if (challenge !== undefined && this.#mayAsk(challenge)) {
      this.#challenge = Promise.resolve(challenge);
    }
  }

  #ask(scope: string): Promise<Token | undefined> {
    const asked = this.#fetch(scope);
    this.#tokens.set(scope, asked);
    asked.catch(() => {
      if (this.#tokens.get(scope) === asked) this.#tokens.delete(scope);
    });
    return asked;
  }

  async #fetch(scope: string): Promise<Token | undefined> {
    // Side by side: the way to the registry is open when we know who we are.
    const { challenge, proof } = await this.#whereAndWho();
    if (challenge === undefined) return undefined;
    const fields = { ...proof, service: challenge.service ?? this.#loginServer, scope };
    const answer = await this.#send(
      proof === undefined ? question(challenge.realm, fields) : form(challenge.realm, fields),
    );
    const body = checkedAnswer(answer, this.#loginServer, [200], 'sign-in').bytes.toString('utf8');
    const value = answerField(body, 'access_token') ?? answerField(body, 'token');
    // It goes into a header, where a line end would begin another one.
    if (value === undefined || /[^\x21-\x7e]/.test(value)) throw notSignedInLikeAcr(this.#loginServer);
    this.#mask(value);
    return { value, ends: endOf(value, body) };
  }

  /** Of two failures the registry's own is told: what is wrong there is what the user asked for. */
  async #whereAndWho(): Promise<{
    challenge: Challenge | undefined;
    proof: Readonly<Record<string, string>> | undefined;
  }> {
    const [challenge, proof] = await Promise.allSettled([this.#challenged(), this.#signIn.proof()]);
    if (challenge.status === 'rejected') throw challenge.reason;
    if (proof.status === 'rejected') throw proof.reason;
    return { challenge: challenge.value, proof: proof.value };
  }

  #challenged(): Promise<Challenge | undefined> {
    if (this.#challenge === undefined) {
      const asked = this.#askForChallenge();
      this.#challenge = asked;
      asked.catch(() => (this.#challenge = undefined));
    }
    return this.#challenge;
  }

  async #askForChallenge(): Promise<Challenge | undefined> {
    const answer = await this.#send({ method: 'GET', url: `https://${this.#loginServer}/v2/` });
    checkedAnswer(answer, this.#loginServer, [200, 401], 'sign-in');
    if (answer.status === 200) return undefined;
    const challenge = bearerChallenge(answer.headers.get('www-authenticate') ?? '');
    // What proves who we are goes to the registry itself only.
    if (challenge !== undefined && this.#mayAsk(challenge)) return challenge;
    if (challenge === undefined && this.#signIn.kind === 'nobody')
      throw new Refusal(401, answer.bytes.toString('utf8'), 'sign-in', this.#loginServer);
    throw notSignedInLikeAcr(this.#loginServer);
  }

  /**
   * What proves who we are goes to the registry itself only. Nobody proves nothing, and may ask its neighbours as well:
   * registry-1.docker.io sends to auth.docker.io. No farther, for what they answer goes to the registry.
   */
  #mayAsk({ realm }: Challenge): boolean {
    if (isOn(this.#loginServer, realm)) return true;
    const domain = this.#loginServer.slice(this.#loginServer.indexOf('.') + 1);
    if (this.#signIn.kind !== 'nobody' || !domain.includes('.') || !URL.canParse(realm)) return false;
    const { protocol, host } = new URL(realm);
    return protocol === 'https:' && (host === domain || host.endsWith(`.${domain}`));
  }
}

type Fields = Readonly<Record<string, string>>;

function form(url: string, fields: Fields): HttpRequest {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url, headers, body: new URLSearchParams(fields).toString() };
}

/** How a token for nobody is asked for (distribution specification, token authentication). */
function question(realm: string, fields: Fields): HttpRequest {
  const url = new URL(realm);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return { method: 'GET', url: url.href };
}

/**
 * The Bearer challenge in a WWW-Authenticate header (RFC 9110, section 11.6.1): parameters in any order, quoted or not.
 * Undefined when there is none with a realm.
 */
export function bearerChallenge(header: string): Challenge | undefined {
  const [, parameters = ''] = /(?:^|,\s*)bearer\s+(.*)$/is.exec(header) ?? [];
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of parameters.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)/g,
  )) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
  }
  const realm = found.get('realm');
  return realm === undefined ? undefined : { realm, service: found.get('service') };
}

function headerOf(token: Token | undefined): string | undefined {
  return token && `Bearer ${token.value}`;
}

/** Whether tokens are had at the registry itself, by TLS. */
export function isOn(loginServer: string, realm: string): boolean {
  return URL.canParse(realm) && new URL(realm).protocol === 'https:' && new URL(realm).host === loginServer;
}

function notSignedInLikeAcr(loginServer: string): TaskError {
  return new TaskError(
    `${loginServer} does not sign clients in the way Azure Container Registry does; is it an Azure container registry?`,
  );
}

/** ACR tells a token's end in the token alone, other registries in seconds from now. */
function endOf(token: string, body: string): number {
  const seconds = /"expires_in"\s*:\s*(\d{1,9})/.exec(body)?.[1];
  return Date.now() + (lifeOf(token) ?? (seconds === undefined ? shortestLifeMs : Number(seconds) * 1000));
}
