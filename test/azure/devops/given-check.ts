import { isApproval, listIn, mappingOf } from './check-form.ts';
import { type CheckKind, kindOf } from './check-kinds.ts';
import { faultOf } from './check-rules.ts';
import type { CheckConfiguration, GivenCheck } from './configurations.ts';
import type { Organization } from './organization.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import { textIn } from './rest-body.ts';

/** A change gives the whole check, with the version that it is made to. */
export function faultOfChange(
  body: unknown,
  { id, kind, version }: CheckConfiguration,
  environment: PlayedEnvironment,
): string | undefined {
  const given = [textIn(body, 'id'), textIn(mappingOf(body)['resource'], 'id'), textIn(body, 'version')];
  if (kindIn(body) === kind && given.join() === [id, environment.id, version].join())
    return faultOf(kind, givenIn(body));
  return `The check configuration ${id} has version ${version}, and its type and resource stay: the body names others.`;
}

/** Some organisations took no minimum for a single approver, but only in changes (vsts-rest-api-specs#460). */
export function minimumFault(
  body: unknown,
  kind: CheckKind,
  { refusesMinimumOfOne }: Organization,
): string | undefined {
  const { settings = {} } = givenIn(body);
  const isOfOne = isApproval(kind) && listIn(settings, 'approvers').length === 1;
  if (!refusesMinimumOfOne || !isOfOne || (settings['minRequiredApprovers'] ?? 0) === 0) return undefined;
  return 'The check configuration is not valid: minRequiredApprovers.';
}

/** The kind of check that a body is of; undefined where the service has no such. */
export function kindIn(body: unknown): CheckConfiguration['kind'] | undefined {
  const { type, settings } = mappingOf(body);
  return kindOf(textIn(type, 'id') ?? '', textIn(mappingOf(settings)['definitionRef'], 'id'));
}

/** What a body says of a check. */
export function givenIn(body: unknown): GivenCheck {
  const { settings, timeout, isDisabled } = mappingOf(body);
  return {
    settings: mappingOf(settings),
    timeout: typeof timeout === 'number' ? timeout : undefined,
    isDisabled: isDisabled === true,
  };
}
