import type { TaskContext } from '../../task/context.ts';
import { TaskError } from '../../task/outcome.ts';

/** The earliest time that every archive format can hold; tools that strip times use it as well. */
const fixedTime = new Date('1980-01-01T00:00:00Z');
/** What fits into the eleven octal digits of a tar header. */
const latestSeconds = 0o77777777777;

/**
 * The time that the archive's entries get: SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch), else a
 * fixed one. Never the clock, and never the commit's: an unrelated commit would make another archive of the same chart,
 * and a git that looks at folders of the sources can be made to run what they hold.
 * @throws TaskError when SOURCE_DATE_EPOCH is no number of seconds.
 */
export function sourceTime({ log }: Pick<TaskContext, 'log'>): Date {
  const epoch = process.env['SOURCE_DATE_EPOCH']?.trim();
  if (!epoch) return fixedTime;
  if (!/^\d{1,12}$/.test(epoch) || Number(epoch) > latestSeconds) {
    throw new TaskError(
      `The variable SOURCE_DATE_EPOCH of this job is '${epoch}'; it takes seconds since 1970, such as 1764000000. Correct ` +
        'it, or remove it: the times in the archive are fixed then.',
    );
  }
  log.info(`The times in the archive come from SOURCE_DATE_EPOCH (${epoch}).`);
  return new Date(Number(epoch) * 1000);
}
