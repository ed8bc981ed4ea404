import { formsOf } from './secret-forms.ts';

/** What stands where a secret stood, as the agent's own masker writes it. */
const mask = '***';

/** A shorter secret is left to the agent: it would be found in every other word. In characters. */
const shortestMasked = 3;

// The agent hides secrets only in what it is sent, and only whole ones: it knows nothing of a text that was cut, nor of
// pages and messages. So the process knows its secrets itself.
const forms = new Set<string>();
let longest = 0;

/** From here on no text that is shown holds this secret, in any of its usual forms (secret-forms.ts). */
export function learnSecret(secret: string): void {
  for (const form of formsOf(secret)) {
    if (form.length < shortestMasked) continue;
    forms.add(form);
    longest = Math.max(longest, form.length);
  }
}

/** The text with every known secret replaced by `***`. It comes before any cut: half a secret is not recognised. */
export function masked(text: string): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of stretches(text)) {
    if (start >= at) shown += text.slice(at, start) + mask;
    at = Math.max(at, end);
  }
  return shown + text.slice(at);
}

/**
 * Where a text that goes on may be cut into two so that no known secret is: at most at `length`. Undefined when more of
 * the text must be read first. In characters.
 */
export function cutOutsideSecrets(text: string, length: number): number | undefined {
  if (text.length < length + longest) return undefined;
  let [cut, reach] = [length, 0];
  for (const { start, end } of stretches(text)) {
    if (start >= length) break;
    // Of stretches that overlap, the first one begins the whole.
    if (start >= reach) cut = start;
    reach = Math.max(reach, end);
  }
  if (reach <= length) return length;
  return cut === 0 ? reach : cut;
}

function stretches(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
      found.push({ start, end: start + form.length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
