/** The claims of a token, or the fields of its header. */
export type Claims = Readonly<Record<string, unknown>>;

export function encodePart(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The header of a token, unchecked; undefined if the text is no token. */
export function headerOf(token: string): Claims | undefined {
  return decodePart(token, 0);
}

/** The claims of a token, unchecked; undefined if the text is no token. */
export function claimsOf(token: string): Claims | undefined {
  return decodePart(token, 1);
}

/** Claims nbf, iat and exp for a token that is valid from now on, for `life` seconds. */
export function validFor(life: number): { nbf: number; iat: number; exp: number } {
  const now = Math.floor(Date.now() / 1000);
  return { nbf: now, iat: now, exp: now + life };
}

/** Whether the claims' exp lies ahead. */
export function isInDate(claims: Claims): boolean {
  return typeof claims['exp'] === 'number' && claims['exp'] * 1000 > Date.now();
}

function decodePart(token: string, index: number): Claims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(parts[index] ?? '', 'base64url').toString());
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
