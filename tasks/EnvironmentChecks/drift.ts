import type { Values } from '../common/devops/rest.ts';
import type { CheckKey } from './kinds.ts';
import type { NormalForm } from './normal-form.ts';
import type { FoundEnvironment, FoundPermissions } from './service.ts';
import type { WantedChecks } from './wanted-checks.ts';

/** What an environment must be, with names of people and pipelines turned to ids. */
export interface WantedEnvironment {
  readonly name: string;
  readonly description: string | undefined;
  readonly checks: WantedChecks;
  /** Ids with names; undefined: not managed. */
  readonly pipelines: ReadonlyMap<number, string> | undefined;
}

/** What is there of it. */
export interface FoundState {
  /** Undefined: there is none. */
  readonly environment: FoundEnvironment | undefined;
  readonly checks: readonly Values[];
  /** Undefined where the file does not manage them. */
  readonly permissions: FoundPermissions | undefined;
}

/** One write that takes a difference away. */
export type Step =
  | { readonly kind: 'create'; readonly name: string; readonly description: string }
  | { readonly kind: 'add'; readonly key: CheckKey; readonly body: Values }
  | {
      readonly kind: 'change';
      readonly key: CheckKey;
      readonly id: number;
      readonly body: Values & { readonly id: unknown };
    }
  | { readonly kind: 'describe'; readonly description: string }
  | { readonly kind: 'remove'; readonly key: CheckKey; readonly id: number }
  | { readonly kind: 'permit'; readonly id: number; readonly isPermitted: boolean };

/** A difference between the file and the service. */
export interface Drift {
  /** Such as `Approvals`. */
  readonly what: string;
  readonly wanted: NormalForm | string;
  readonly found: NormalForm | string;
  /** What `apply` does about it; undefined: nothing. */
  readonly step: Step | undefined;
  /** Why it does nothing. */
  readonly left?: string;
}
