import { TaskError } from '../task/outcome.ts';

/** Helm's own grammar of names (helm/helm, ValidateReleaseName); 53 characters, since names of hooks must fit into 63. */
const releaseName = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/;

/**
 * @param what begins the message, such as `Input releaseName`
 * @throws TaskError when helm would refuse the name.
 */
export function checkRelease(name: string, what: string): string {
  if (name.length <= 53 && releaseName.test(name)) return name;
  throw new TaskError(
    `${what} is '${name}'; a release has up to 53 small letters, digits, dashes and dots, such as web, and begins and ends ` +
      'with a letter or a digit.',
  );
}
