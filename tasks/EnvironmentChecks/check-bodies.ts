import type { Values } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';
import { type CheckKey, checkKinds } from './kinds.ts';
import type { WantedCheck } from './wanted-checks.ts';

/** What the service is sent for a new check, without its environment. */
export function bodyOf(key: CheckKey, { settings, timeout }: WantedCheck): Values {
  return { type: checkKinds[key].type, settings, ...(timeout !== undefined && { timeout }), isDisabled: false };
}

/** The whole check with what the file does not decide as it was: names, the definition's version, linked variable groups. */
export function changedBody(key: CheckKey, wanted: WantedCheck, found: Values): Values & { readonly id: unknown } {
  const { id, version } = found;
  const before = isMapping(found['settings']) ? found['settings'] : {};
  const names = ['definitionRef', 'displayName', 'retryInterval', 'linkedVariableGroup'];
  const kept = names.filter((name) => before[name] !== undefined && before[name] !== null);
  const isTask = checkKinds[key].definition?.version !== undefined;
  const same = isTask ? Object.fromEntries(kept.map((name) => [name, before[name]])) : {};
  const body = bodyOf(key, wanted);
  return { ...body, id, version, settings: { ...wanted.settings, ...same } };
}
