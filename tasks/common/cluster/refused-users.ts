import type { Fields } from '../go/mapping.ts';
import { TaskError } from '../task/outcome.ts';

/**
 * Refuses ways to sign in that API servers or their clients have given up, or that this task does not know.
 * @throws TaskError that names the way, and what to do
 */
export function refuseUser(user: Fields): void {
  const has = (name: string): boolean => user.values[name] !== undefined && user.values[name] !== null;
  if (has('auth-provider')) {
    throw new TaskError(
      `The kubeconfig is unusable: ${user.path} signs in by an auth-provider, which kubectl gave up with 1.26; convert it ` +
        'with kubelogin convert-kubeconfig.',
    );
  }
  if (has('username') || has('password')) {
    throw new TaskError(
      `The kubeconfig is unusable: ${user.path} signs in by user and password, which Kubernetes gave up with 1.19.`,
    );
  }
  const other = ['as', 'as-uid', 'as-groups', 'as-user-extra'].find(has);
  if (other !== undefined) {
    throw new TaskError(
      `The kubeconfig is refused: ${user.path}.${other} acts as somebody else; sign in as the one who is to be used.`,
    );
  }
}
