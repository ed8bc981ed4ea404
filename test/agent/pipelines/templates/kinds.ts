/** Where the expander is: what its children are, and where templates and variables count. */
export type At =
  'root' | 'stages' | 'stage' | 'jobs' | 'job' | 'steps' | 'step' | 'variables' | 'strategy' | 'hook' | 'any';

/** Lists that templates go into. */
export type ListAt = 'stages' | 'jobs' | 'steps' | 'variables';

/** Whether templates may stand among the items. */
export function isList(at: At): at is ListAt {
  return at === 'stages' || at === 'jobs' || at === 'steps' || at === 'variables';
}

/** Where the items of a list are. */
export function itemAt(at: At): At {
  return at === 'stages' ? 'stage' : at === 'jobs' ? 'job' : at === 'steps' ? 'step' : 'any';
}

/** Where the value of a key is. */
export function childAt(at: At, key: string): At {
  if (['root', 'stage', 'job', 'hook'].includes(at) && (key === 'variables' || key === 'steps')) return key;
  if (at === 'root' && key === 'stages') return 'stages';
  if ((at === 'root' || at === 'stage') && key === 'jobs') return 'jobs';
  if ((at === 'root' || at === 'job') && key === 'strategy') return 'strategy';
  if (at === 'strategy') return ['runOnce', 'rolling', 'canary', 'on'].includes(key) ? 'strategy' : 'hook';
  return 'any';
}

/** Where variables of its own count for the rest of the mapping. */
export function hasVariables(at: At): boolean {
  return at === 'root' || at === 'stage' || at === 'job';
}
