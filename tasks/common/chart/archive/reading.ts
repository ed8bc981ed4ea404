import type { TaskContext } from '../../task/context.ts';
import { shown } from '../../text/shown.ts';
import type { OnWindowsName } from './names.ts';
import type { ArchiveLimits } from './walk.ts';

/**
 * How a step reads archives: until it is cancelled, and with a warning for the first name that only Windows minds. On
 * Windows such names are refused.
 * @param place what messages name instead of the name in the archive, such as the file in the sources
 */
export function readingIn(
  { signal, log }: Pick<TaskContext, 'signal' | 'log'>,
  place: (name: string) => string = (name) => name,
): Partial<ArchiveLimits> {
  if (process.platform === 'win32') return { signal };
  let isTold = false;
  const onWindowsName: OnWindowsName = (name, reason) => {
    if (!isTold) log.warning(`The chart holds ${shown(place(name))}, which ${reason}: there it cannot be unpacked.`);
    isTold = true;
  };
  return { signal, onWindowsName };
}

/** The library under helm 4.2 reads no larger blob: `invalid descriptor size` (oras-go 2.6.1; 2.6.2 does again). */
const mostForEveryHelm = 32 * 1024 * 1024;

/** Warns of an archive that some helm cannot push or pull. @param size bytes of the archive */
export function warnOfSize(archive: string, size: number, { log }: Pick<TaskContext, 'log'>): void {
  if (size <= mostForEveryHelm) return;
  log.warning(
    `${archive} has ${(size / 1024 / 1024).toFixed(1)} MiB: helm 4.2 neither pushes nor pulls more than 32 MiB (3.17, 3.22, ` +
      '4.1 and 4.3 do). Name in .helmignore what the chart does not need, or pull it with another helm.',
  );
}
