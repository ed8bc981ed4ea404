import { printable, shortened } from '../text/shown.ts';

/**
 * Foreign text that a terminal, the agent and a reader of JSON take as text: printable, known secrets masked before it is cut.
 * @param longest in characters
 */
export const text = (foreign: string, longest: number): string => cut(harmless(foreign), longest);

/** The same on one line. */
export const line = (foreign: string, longest: number): string =>
  cut(harmless(foreign).replace(/\s+/g, ' ').trim(), longest);

/** The last of several lines: the end of a log says why. What looks like one line may be several. */
export function lines(foreign: readonly string[], most: number, longest: number): string[] {
  const newest = harmless(foreign.slice(-most).join('\n')).split('\n').slice(-most);
  return newest.map((each) => cut(each, longest));
}

/** No text that is shown is as long as that. In characters. */
const mostRead = 64 * 1024;

const harmless = (foreign: string): string =>
  printable(foreign.length > mostRead ? shortened(foreign, mostRead) : foreign);

/** A cut may go through a character of two halves. */
const cut = (printed: string, longest: number): string => shortened(printed, longest).replace(/\p{Cs}/gu, '');
