import type { TaskContext } from '../task/context.ts';

/** How kubelogin is to sign in as a service connection. */
export interface SignIn {
  /** kubelogin's name for it. */
  readonly login: 'azurepipelines' | 'spn' | 'msi';
  /** Flags of `kubelogin convert-kubeconfig`; no secret is among them. */
  readonly flags: readonly string[];
  /** Environment of every kubelogin that signs in, secrets included. */
  readonly env: Readonly<Record<string, string>>;
  /** The oldest kubelogin that can, as a version range. */
  readonly kubelogin: string;
}

export type SignInContext = Pick<TaskContext, 'job' | 'network' | 'jobFolder'>;
