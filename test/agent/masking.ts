import { backslashEscaped, base64, jsonEscaped, uriEscaped } from './secret-forms.ts';

const maskText = '***';

/** Hides secrets in the log as the real agent does: a value and its usual encodings become `***`. */
export class SecretMasker {
  readonly #texts = new Set<string>();

  /** Hides a value, and its JSON, URI and backslash encoded forms. An empty value hides nothing. */
  add(value: string): void {
    for (const text of [value, jsonEscaped(value), uriEscaped(value), backslashEscaped(value)]) {
      if (text !== '') this.#texts.add(text);
    }
  }

  /** Hides the value of a secret variable: also trimmed, without surrounding quotes, command-escaped, and in base64. */
  addVariable(value: string): void {
    if (value.trim() === '') return;
    const newlinesEscaped = value.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    const escaped = value.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    const trimmed = value.trim();
    const unquoted = trimmed.replace(/^(['"])(.*)\1$/s, '$2');
    for (const form of [value, trimmed, unquoted, newlinesEscaped, escaped, base64(value)]) this.add(form);
  }

  /** The text with every hidden stretch replaced by `***`; overlapping stretches become one. */
  mask(text: string): string {
    const stretches = this.#stretches(text).sort((a, b) => a.start - b.start);
    let masked = '';
    let at = 0;
    for (const { start, end } of stretches) {
      if (start >= at) masked += text.slice(at, start) + maskText;
      at = Math.max(at, end);
    }
    return masked + text.slice(at);
  }

  #stretches(text: string): { start: number; end: number }[] {
    const found: { start: number; end: number }[] = [];
    for (const secret of this.#texts) {
      for (let start = text.indexOf(secret); start >= 0; start = text.indexOf(secret, start + 1)) {
        found.push({ start, end: start + secret.length });
      }
    }
    return found;
  }
}
