import { shown } from '../chart/shown.ts';
import { TaskError } from '../task/errors.ts';

/** @throws TaskError when Azure DevOps does not take the name, or it would lead to another folder. */
export function checkArtifactName(name: string): string {
  if (/^[^\p{C}\\/":<>|*?]{1,200}$/u.test(name) && !/^\.+$/.test(name)) return name;
  throw new TaskError(`Input artifactName is ${shown(name)}: use no \\ / " : < > | * ? and no dots alone.`);
}
