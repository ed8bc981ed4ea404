import { printable, shortened } from '../text/shown.ts';

/**
 * Foreign text that a terminal, the agent and a reader of JSON take as text: printable, known secrets masked before it is cut.
 * @param longest in characters
 */
export const text = (foreign: string, longest: number): string => cut(printable(foreign), longest);

/** The same on one line. */
export const line = (foreign: string, longest: number): string =>
  cut(printable(foreign).replace(/\s+/g, ' ').trim(), longest);

/** The last of several lines: the end of a log says why. What looks like one line may be several. */
export function lines(foreign: readonly string[], most: number, longest: number): string[] {
  const newest = printable(foreign.slice(-most).join('\n')).split('\n').slice(-most);
  return newest.map((each) => cut(each, longest));
}

/** A cut may go through a character of two halves. */
const cut = (harmless: string, longest: number): string => shortened(harmless, longest).replace(/\p{Cs}/gu, '');
