import type { Cause, Found, Mark } from './causes/cause.ts';
import { causes } from './causes/index.ts';
import type { Rank } from './finding.ts';
import type { Signal } from './signals.ts';

/** A mark of a cause that a text has. */
export interface Match {
  readonly cause: Cause;
  readonly mark: number;
  readonly rank: Rank | undefined;
  readonly groups: Found['groups'];
}

/** The marks of texts, each looked for once: of a thousand pods most say the same. */
export class Marked {
  readonly #known = new Map<string, readonly Match[]>();

  of(signal: Signal): readonly Match[] {
    const key = `${signal.source}\n${signal.reason}\n${signal.text}`;
    const known = this.#known.get(key) ?? matchesOf(signal);
    this.#known.set(key, known);
    return known;
  }
}

function matchesOf(signal: Signal): Match[] {
  return causes.flatMap((cause) =>
    cause.marks.flatMap((each, mark) => {
      const groups = groupsOf(each, signal);
      return groups === undefined ? [] : [{ cause, mark, rank: each.rank, groups }];
    }),
  );
}

/** What a mark's pattern finds in a signal; undefined where the signal does not have the mark. */
function groupsOf(mark: Mark, { source, reason, text }: Signal): Found['groups'] | undefined {
  if (!mark.sources.includes(source) || !(mark.reasons?.includes(reason) ?? true)) return undefined;
  if (mark.pattern === undefined) return {};
  const match = mark.pattern.exec(text);
  return match === null ? undefined : { ...match.groups };
}
