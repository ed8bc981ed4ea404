/**
 * Whether a file is chosen by patterns, one a line, as minimatch reads them: `**` matches folders, a line with `!` before it
 * takes back what others chose.
 * @param file its path, with `/`
 */
export function matchesPatterns(file: string, patterns: string): boolean {
  let chosen = false;
  for (const line of patterns.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const excludes = line.startsWith('!');
    const pattern = globPattern(excludes ? line.slice(1) : line);
    if (pattern.test(file)) chosen = !excludes;
  }
  return chosen;
}

/** `*` and `?` stay within a folder; `{a,b}` is a choice. */
function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return `(?:${token.slice(1, -1).split(',').map(escaped).join('|')})`;
    return escaped(token);
  });
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.+^$()|[\]\\{}?]/g, String.raw`\$&`).replaceAll('*', '[^/]*');
}
