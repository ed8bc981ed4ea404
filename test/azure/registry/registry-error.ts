import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Access } from './access.ts';

/** A request that the registry refuses, in the form of the distribution API. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: unknown;
  readonly headers: OutgoingHttpHeaders;

  constructor(
    status: number,
    code: string,
    message: string,
    detail: unknown = null,
    headers: OutgoingHttpHeaders = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }

  get body(): Record<string, unknown> {
    return { errors: [{ code: this.code, message: this.message, detail: this.detail }] };
  }
}

/** The 401 of the token endpoints, the same whatever was wrong with the caller or its token. */
export function unauthorized(): RegistryError {
  return new RegistryError(401, 'UNAUTHORIZED', authenticationRequired());
}

/** The 401 of an operation, with the challenge that tells clients which token to fetch. */
export function challenge(loginServer: string, missing: Access | undefined): RegistryError {
  const scope = missing && `${missing.type}:${missing.name}:${missing.actions.join(',')}`;
  const realm = `Bearer realm="https://${loginServer}/oauth2/token",service="${loginServer}"`;
  const header = scope === undefined ? realm : `${realm},scope="${scope}"`;
  const detail = missing?.actions.map((action) => ({ Type: missing.type, Name: missing.name, Action: action }));
  const headers = { 'Www-Authenticate': header };
  return new RegistryError(401, 'UNAUTHORIZED', authenticationRequired(), detail, headers);
}

export function firewallDenial(): RegistryError {
  const text = "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
  return new RegistryError(403, 'DENIED', text);
}

export function permissionsDenial(): RegistryError {
  return new RegistryError(403, 'DENIED', 'retrieving permissions failed');
}

export function repositoryUnknown(name: string): RegistryError {
  return new RegistryError(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name });
}

export function manifestUnknown(name: string, reference: string): RegistryError {
  const isDigest = reference.startsWith('sha256:');
  const text = isDigest ? `manifest ${reference} is not found` : `manifest tagged by "${reference}" is not found`;
  return new RegistryError(404, 'MANIFEST_UNKNOWN', text, { name, reference });
}

export function blobUnknown(digest: string): RegistryError {
  return new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest });
}

export function digestInvalid(digest: string | null): RegistryError {
  return new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest });
}

function authenticationRequired(): string {
  const text = 'authentication required, visit https://aka.ms/acr/authorization for more information.';
  return `${text} CorrelationId: ${randomUUID()}`;
}
