import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';

/** @throws TaskError when Azure DevOps does not take the name, or it would lead to another folder. */
export function checkArtifactName({ input, value }: Given<string>): string {
  if (/^[^\p{C}\\/":<>|*?]{1,200}$/u.test(value) && !/^\.+$/.test(value)) return value;
  throw new TaskError(`Input ${input} is ${shown(value)}: use no \\ / " : < > | * ? and no dots alone.`);
}
