/** Whether a pattern, in which `*` stands for any characters, is a whole text, whatever the case. */
export function matches(pattern: string, text: string): boolean {
  return patternOf(pattern, 'i').test(text);
}

/** The same, with the case. */
export function matchesExactly(pattern: string, text: string): boolean {
  return patternOf(pattern, '').test(text);
}

function patternOf(pattern: string, flags: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, flags);
}
