import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';

/** The earliest time that every archive format can hold; tools that strip times use it as well. */
const fixedTime = new Date('1980-01-01T00:00:00Z');
/** What fits into the eleven octal digits of a tar header. */
const latestSeconds = 0o77777777777;

/**
 * The time that the archive's entries get: that of the commit, else SOURCE_DATE_EPOCH
 * (reproducible-builds.org/specs/source-date-epoch), else a fixed one. Never the clock.
 * @throws TaskError when SOURCE_DATE_EPOCH is needed and no number of seconds.
 */
export async function sourceTime(folder: string, context: Pick<TaskContext, 'exec' | 'log' | 'signal'>): Promise<Date> {
  const committed = await commitTime(folder, context);
  if (committed !== undefined) return committed;
  const epoch = process.env['SOURCE_DATE_EPOCH']?.trim();
  if (epoch) {
    if (!isTime(epoch))
      throw new TaskError(`SOURCE_DATE_EPOCH is '${epoch}'; it takes seconds since 1970, such as 1764000000.`);
    context.log.info(`No git commit is known for the chart; its times come from SOURCE_DATE_EPOCH (${epoch}).`);
    return new Date(Number(epoch) * 1000);
  }
  context.log.info(`No git commit is known for the chart; its times are set to ${fixedTime.toISOString()}.`);
  return fixedTime;
}

async function commitTime(
  folder: string,
  context: Pick<TaskContext, 'exec' | 'log' | 'signal'>,
): Promise<Date | undefined> {
  // In a container job the sources belong to another user, which git refuses unless told otherwise.
  const args = ['-c', 'safe.directory=*', '-C', folder, 'show', '-s', '--no-show-signature', '--format=%ct', 'HEAD'];
  try {
    const { stdout } = await context.exec('git', args, { show: false });
    const seconds = stdout.trim().split('\n').at(-1) ?? '';
    return isTime(seconds) ? new Date(Number(seconds) * 1000) : undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof TaskError)) throw error;
    context.log.debug(error.message);
    return undefined;
  }
}

const isTime = (text: string): boolean => /^\d{1,12}$/.test(text) && Number(text) <= latestSeconds;
