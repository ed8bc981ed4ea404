/** What task.json says in `restrictions`. */
export interface RestrictionSettings {
  readonly commands?: { readonly mode?: string };
  readonly settableVariables?: { readonly allowed?: readonly string[] };
}

const allowedWhenRestricted = new Set([
  'task.logdetail',
  'task.logissue',
  'task.issue',
  'task.complete',
  'task.setprogress',
  'task.setsecret',
  'task.setvariable',
  'task.debug',
  'task.settaskvariable',
  'task.prependpath',
  'telemetry.publish',
]);

/**
 * What a task may tell the agent. An organisation can let the agent only warn about a task's own restrictions; this agent
 * always enforces them.
 */
export class Restrictions {
  readonly #restricted: boolean;
  /** Of each place that has a list. */
  readonly #settable: readonly (readonly RegExp[])[];

  /** @param places the task's own restrictions and those of the step; what one of them forbids is forbidden */
  constructor(...places: readonly (RestrictionSettings | undefined)[]) {
    this.#restricted = places.some((settings) => settings?.commands?.mode?.toLowerCase() === 'restricted');
    this.#settable = places.flatMap((settings) => {
      const allowed = settings?.settableVariables?.allowed;
      return allowed === undefined ? [] : [allowed.map(globPattern)];
    });
  }

  allowsCommand(area: string, event: string): boolean {
    return !this.#restricted || allowedWhenRestricted.has(`${area}.${event}`);
  }

  /** No list allows every variable, an empty list none. */
  allowsVariable(name: string): boolean {
    return this.#settable.every((patterns) => patterns.some((pattern) => pattern.test(name)));
  }
}

/** `*` and `?` of minimatch, without regard to case; like there, neither matches a slash. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`, 'i');
}
