/** More than this much of helm's words makes no message anybody reads; all of them are in the log. */
const longest = 1000;

/**
 * The errors in the output of `helm lint`, one after the other; empty when there are none. They stand on its standard
 * output, among hints and warnings; Helm 4 goes on with indented lines.
 */
export function lintErrors(output: string): string {
  const found = output.match(/^\[ERROR\] .*(?:\r?\n[ \t]+.*)*/gm) ?? [];
  return found
    .map((entry) =>
      entry
        .replace(/^\[ERROR\] (: )?/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .join('; ')
    .slice(0, longest);
}
