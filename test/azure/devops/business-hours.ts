import type { Clock } from './clock.ts';
import type { CheckConfiguration } from './configurations.ts';
import { inputsOf } from './environment-checks.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Waits for business hours. Returns whether they came before the check gave up. */
export async function awaitBusinessHours(
  check: CheckConfiguration,
  clock: Clock,
  cancel: AbortSignal,
): Promise<boolean> {
  const { businessDays = '', startTime = '', endTime = '', timeZone } = inputsOf(check);
  if (timeZone !== 'UTC') throw new Error(`Business hours in the time zone ${timeZone} are not played; UTC is.`);
  const days = businessDays.split(',').map((each) => each.trim());
  const areNow = (): boolean => {
    const time = clock.time.toISOString().slice(11, 16);
    return days.includes(weekdays[clock.time.getUTCDay()] ?? '') && startTime <= time && time < endTime;
  };
  const end = clock.minutes + check.timeout;
  await clock.until(() => areNow() || clock.minutes >= end, cancel);
  return areNow();
}
