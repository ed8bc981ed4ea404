import type { Drift, FoundState, Step, WantedEnvironment } from './drift.ts';
import type { Values } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';
import { bodyOf, changedBody } from './check-bodies.ts';
import { type CheckKey, checkKinds, keyOf } from './kinds.ts';
import { differingFields, normalForm } from './normal-form.ts';
import { permissionDrift } from './permission-drift.ts';
import { mayTakeAway, type Pruning, whyLeft } from './pruning.ts';
import { type FoundEnvironment, identityIn } from './service.ts';
import type { WantedCheck } from './wanted-checks.ts';

/** All differences of an environment, in the order in which their steps are safe: protection comes before what it protects, and goes last. */
export function driftOf(wanted: WantedEnvironment, found: FoundState, pruning: Pruning): Drift[] {
  const { environment } = found;
  const { name, description = '' } = wanted;
  const missing: Drift = {
    what: 'Environment',
    wanted: 'is there',
    found: 'none',
    step: { kind: 'create', name, description },
  };
  const checks = [...wanted.checks].flatMap(([key, check]) => checkDrift(key, check, found.checks, pruning));
  const ofKind = (kind: Step['kind'] | undefined): Drift[] => checks.filter(({ step }) => step?.kind === kind);
  return [
    ...(environment === undefined ? [missing] : []),
    ...ofKind('add'),
    ...ofKind('change'),
    ...(environment === undefined ? [] : descriptionDrift(wanted, environment)),
    ...permissionDrift(wanted, found.permissions, pruning),
    ...ofKind('remove'),
    ...ofKind(undefined),
  ];
}

function descriptionDrift({ description }: WantedEnvironment, found: FoundEnvironment): Drift[] {
  if (description === undefined || description.trim() === found.description.trim()) return [];
  const step = { kind: 'describe', description } as const;
  return [{ what: 'Description', wanted: description, found: found.description, step }];
}

/** Of several checks of a kind the oldest that is as wanted stays, else the oldest is changed: two who do this at once agree. */
function checkDrift(key: CheckKey, wanted: WantedCheck | 'none', all: readonly Values[], pruning: Pruning): Drift[] {
  const { label: what } = checkKinds[key];
  const found = all
    .filter((check) => keyOf(check) === key)
    .sort((one, other) => Number(one['id']) - Number(other['id']));
  if (wanted === 'none') return found.map((check) => surplus(key, check, pruning));
  const form = normalForm(key, bodyOf(key, wanted));
  const forms = new Map(found.map((check) => [check, normalForm(key, check)]));
  const equal = found.find((check) => differingFields(form, forms.get(check) ?? {}).length === 0);
  const kept = equal ?? found[0];
  const others = found.filter((check) => check !== kept).map((check) => surplus(key, check, pruning));
  // One that says the same changes nothing: another run may just be taking it back.
  const isTwin = ({ found: other }: Drift): boolean =>
    typeof other !== 'string' && differingFields(form, other).length === 0;
  const drift = others.filter((each) => each.step !== undefined || !isTwin(each));
  if (kept === undefined) {
    return [{ what, wanted: form, found: 'none', step: { kind: 'add', key, body: bodyOf(key, wanted) } }];
  }
  if (kept === equal) return drift;
  const step = { kind: 'change', key, id: Number(kept['id']), body: changedBody(key, wanted, kept) } as const;
  return [{ what, wanted: form, found: forms.get(kept) ?? {}, step }, ...drift];
}

function surplus(key: CheckKey, check: Values, pruning: Pruning): Drift {
  const { createdBy } = check;
  const base = { what: checkKinds[key].label, wanted: 'none', found: normalForm(key, check) };
  if (mayTakeAway(identityIn(createdBy), pruning)) {
    return { ...base, step: { kind: 'remove', key, id: Number(check['id']) } };
  }
  return { ...base, step: undefined, left: whyLeft(pruning, `${makerOf(createdBy)} made it`) };
}

function makerOf(creator: unknown): string {
  const { displayName } = isMapping(creator) ? creator : {};
  return typeof displayName === 'string' ? displayName : 'somebody else';
}
