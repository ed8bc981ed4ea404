const prefix = '##vso[';

/** One `##vso[area.event name=value;...]data`, unescaped. Area, event and property names are in lower case. */
export interface LoggingCommand {
  readonly area: string;
  readonly event: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
  /** The whole line as the process wrote it. */
  readonly line: string;
  /** Pieces between the `;` that are no `name=value`; the real agent drops them without a word. */
  readonly dropped: readonly string[];
}

/**
 * Reads a line as the real agent does: the prefix counts anywhere in the line, the first `]` after it ends the head.
 * @returns the command; `illegal` for a line with `##vso` that is none; `none` for an ordinary line
 */
export function parseLoggingCommand(line: string): LoggingCommand | 'illegal' | 'none' {
  const noCommand = line.includes('##vso') ? 'illegal' : 'none';
  const start = line.indexOf(prefix);
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return noCommand;
  const head = line.slice(start + prefix.length, end);
  const space = head.indexOf(' ');
  const [area, event, ...more] = (space < 0 ? head : head.slice(0, space)).split('.').filter((part) => part !== '');
  if (area === undefined || event === undefined || more.length > 0) return noCommand;
  const { properties, dropped } = parseProperties(space > 0 ? head.slice(space + 1) : '');
  const data = unescape(line.slice(end + 1));
  return { area: area.toLowerCase(), event: event.toLowerCase(), properties, data, line, dropped };
}

function parseProperties(text: string): { properties: Record<string, string>; dropped: string[] } {
  const pairs: [string, string][] = [];
  const dropped: string[] = [];
  for (const piece of text.split(';').filter((part) => part !== '')) {
    const [, name, value] = /^=*([^=]+)=(.+)$/s.exec(piece) ?? [];
    if (name === undefined || value === undefined) dropped.push(piece);
    else pairs.push([name.toLowerCase(), unescape(value)]);
  }
  return { properties: Object.fromEntries(pairs), dropped };
}

/** Percent itself comes last, so that an escaped `%0A` in a value stays the four characters it was. */
function unescape(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%AZP25', '%');
}
