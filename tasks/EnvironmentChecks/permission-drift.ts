import type { Drift, WantedEnvironment } from './drift.ts';
import { mayTakeAway, type Pruning, whyLeft } from './pruning.ts';
import type { FoundPermissions } from './service.ts';

/** Differences in which pipelines may use an environment; none where the file does not say. */
export function permissionDrift(
  { pipelines: wanted }: WantedEnvironment,
  found: FoundPermissions | undefined,
  pruning: Pruning,
): Drift[] {
  if (wanted === undefined) return [];
  const { isOpen = false, pipelines = new Map<number, string | undefined>() } = found ?? {};
  const missing = [...wanted].filter(([id]) => !pipelines.has(id));
  const others = [...pipelines].filter(([id]) => !wanted.has(id));
  const what = 'Pipelines';
  return [
    ...missing.map(([id, name]): Drift => ({
      what,
      wanted: `${name} may use it`,
      found: 'it may not',
      step: { kind: 'permit', id, isPermitted: true },
    })),
    ...others.map(([id, creator]): Drift => {
      const base = { what, wanted: 'none', found: `pipeline ${id} may use it` };
      if (mayTakeAway(creator, pruning)) return { ...base, step: { kind: 'permit', id, isPermitted: false } };
      return { ...base, step: undefined, left: whyLeft(pruning, 'somebody else let it') };
    }),
    ...(isOpen ? [openToAll] : []),
  ];
}

const openToAll: Drift = {
  what: 'Pipelines',
  wanted: 'those of the file',
  found: 'every pipeline may use it',
  step: undefined,
  left: 'it takes a person to restrict it: the environment, Security, Pipeline permissions, Restrict permission',
};
