import { createHash, createVerify, constants, X509Certificate } from 'node:crypto';
import type { Identities, Identity } from './identities.ts';
import { claimsOf, headerOf, isInDate, type Claims } from './json-web-token.ts';
import { SignInError } from './sign-in-error.ts';
import type { SigningKey } from './signing-key.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const federationAudience = 'api://AzureADTokenExchange';

/** Where a client signs in: its tenant, and the token endpoint that it must name in a signed assertion. */
export interface SignIn {
  readonly tenantId: string;
  readonly endpoint: string;
  readonly form: URLSearchParams;
}

/** Checks who signs in, by whatever the identity was registered with. Throws SignInError. */
export class ClientAuthentication {
  readonly #identities: Identities;
  readonly #key: SigningKey;

  /** `key` signs the tokens that Azure Pipelines hands out for federation. */
  constructor(identities: Identities, key: SigningKey) {
    this.#identities = identities;
    this.#key = key;
  }

  authenticate(signIn: SignIn): Identity {
    const { form, tenantId } = signIn;
    const clientId = form.get('client_id') ?? '';
    const identity = this.#identities.find(tenantId, clientId);
    if (identity === undefined || identity.kind === 'managed') throw unknownApplication(clientId, tenantId);
    if (identity.kind === 'secret') checkSecret(form, identity);
    else if (identity.kind === 'certificate') checkSignedAssertion(signIn, identity);
    else this.#checkFederation(assertionOf(form), identity);
    return identity;
  }

  #checkFederation(assertion: string, identity: Identity<'federated'>): void {
    const claims = this.#key.verify(assertion);
    if (claims === undefined) {
      const issuer = String(claimsOf(assertion)?.['iss']);
      const text = `No matching federated identity record found for presented assertion issuer '${issuer}'.`;
      throw new SignInError(401, 'invalid_client', 700211, text);
    }
    if (claims['aud'] !== federationAudience) {
      const text = `No matching federated identity record found for presented assertion audience '${String(claims['aud'])}'.`;
      throw new SignInError(401, 'invalid_client', 700212, text);
    }
    if (!String(claims['sub']).endsWith(`/${identity.serviceConnectionId}`)) {
      const text = `No matching federated identity record found for presented assertion subject '${String(claims['sub'])}'.`;
      throw new SignInError(401, 'invalid_client', 700213, text);
    }
    if (!isInDate(claims)) throw expiredAssertion(claims);
  }
}

function checkSecret(form: URLSearchParams, identity: Identity<'secret'>): void {
  if (!form.has('client_secret')) throw missingCredential();
  if (form.get('client_secret') === identity.secret) return;
  const text =
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, ' +
    `not the client secret ID, for a secret added to app '${identity.clientId}'.`;
  throw new SignInError(401, 'invalid_client', 7000215, text);
}

function checkSignedAssertion({ form, endpoint }: SignIn, identity: Identity<'certificate'>): void {
  const assertion = assertionOf(form);
  const [header, claims] = [headerOf(assertion) ?? {}, claimsOf(assertion) ?? {}];
  const certificate = new X509Certificate(identity.certificate);
  if (!namesCertificate(header, certificate)) throw badSignature('The key was not found.');
  if (!hasSignatureOf(assertion, header, certificate)) throw badSignature('The signature does not match the key.');
  const isForUs = claims['iss'] === identity.clientId && claims['sub'] === identity.clientId;
  if (!isForUs || claims['aud'] !== endpoint) {
    const text = `Client assertion audience claim does not match Realm issuer. Expected '${endpoint}'.`;
    throw new SignInError(401, 'invalid_client', 700023, text);
  }
  if (!isInDate(claims)) throw expiredAssertion(claims);
}

/**
 * Clients name their certificate by its SHA-256 (x5t#S256) or, older ones, its SHA-1 (x5t). Go's library writes it in
 * the other alphabet of base64, which Entra accepts.
 */
function namesCertificate(header: Claims, { raw }: X509Certificate): boolean {
  const isNamed = (claim: string, hash: string): boolean =>
    Buffer.from(String(header[claim]), 'base64').equals(createHash(hash).update(raw).digest());
  return isNamed('x5t#S256', 'sha256') || isNamed('x5t', 'sha1');
}

function hasSignatureOf(assertion: string, header: Claims, { publicKey }: X509Certificate): boolean {
  const end = assertion.lastIndexOf('.');
  const padding = header['alg'] === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const signature = Buffer.from(assertion.slice(end + 1), 'base64url');
  return createVerify('sha256').update(assertion.slice(0, end)).verify({ key: publicKey, padding }, signature);
}

function assertionOf(form: URLSearchParams): string {
  const assertion = form.get('client_assertion');
  if (assertion === null || form.get('client_assertion_type') !== assertionType) throw missingCredential();
  if (claimsOf(assertion) === undefined) {
    throw new SignInError(400, 'invalid_request', 50027, 'JWT token is invalid or malformed.');
  }
  return assertion;
}

function unknownApplication(clientId: string, tenantId: string): SignInError {
  const text =
    `Application with identifier '${clientId}' was not found in the directory '${tenantId}'. This can happen if the ` +
    'application has not been installed by the administrator of the tenant or consented to by any user in the tenant.';
  return new SignInError(400, 'unauthorized_client', 700016, text);
}

function missingCredential(): SignInError {
  const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
  return new SignInError(401, 'invalid_client', 7000218, text);
}

function badSignature(reason: string): SignInError {
  const text = `Client assertion contains an invalid signature. [Reason - ${reason}]`;
  return new SignInError(401, 'invalid_client', 700027, text);
}

function expiredAssertion(claims: Claims): SignInError {
  const text =
    `Client assertion is not within its valid time range. Current time: ${new Date().toISOString()}, assertion valid ` +
    `from ${timeOf(claims['nbf'])}, expiry time of assertion ${timeOf(claims['exp'])}.`;
  return new SignInError(401, 'invalid_client', 700024, text);
}

function timeOf(claim: unknown): string {
  return new Date(Number(claim) * 1000).toISOString();
}
