/** JSON text of a value without its quotes. */
export function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Percent-encoding that keeps unreserved characters only, as .NET's `Uri.EscapeDataString` does. */
export function uriEscaped(value: string): string {
  return encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8')).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function backslashEscaped(value: string): string {
  return value.replace(/[\\'"]/g, String.raw`\$&`);
}

export function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64');
}

/**
 * The characters that the value leaves in any base64 text that holds it, at each of the three alignments: a password
 * is found again in the base64 of `user:password`. Texts of fewer than 8 characters would match by accident and are left out.
 */
export function base64Traces(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2]
    .map((shift) => {
      const whole = Math.floor(((shift + bytes.length) * 8) / 6);
      const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      return encoded.slice([0, 2, 3][shift], whole);
    })
    .filter((trace) => trace.length >= 8);
}
