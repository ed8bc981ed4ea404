import type { JobResult } from './step-options.ts';

/** Where a job stands in its pipeline. */
export interface JobPlace {
  readonly stage: string;
  readonly job: string;
  /** A deployment job with strategy runOnce: the names of its outputs begin with its own name. */
  readonly kind?: 'job' | 'deployment';
  /** Jobs of the same stage in `dependsOn`. */
  readonly dependsOn?: readonly string[];
  /** Stages in the `dependsOn` of the job's stage. */
  readonly stageDependsOn?: readonly string[];
}

type Texts = Readonly<Record<string, string>>;

/** The output variables of a run's jobs, as the server keeps them and hands them to later jobs. */
export class RunOutputs {
  readonly #jobs: { readonly stage: string; readonly job: string; readonly outputs: ReadonlyMap<string, string> }[] =
    [];

  /** Remembers what a finished job set. */
  record({ stage, job, kind = 'job' }: JobPlace, { steps }: JobResult): void {
    const prefix = kind === 'deployment' ? `${job}.` : '';
    const outputs = steps.flatMap(({ name, outputs: set }) =>
      Object.entries(set).map(([output, value]) => [`${prefix}${name}.${output}`.toLowerCase(), value] as const),
    );
    this.#jobs.push({ stage: stage.toLowerCase(), job: job.toLowerCase(), outputs: new Map(outputs) });
  }

  /**
   * The `variables:` of a job that is about to start. A runtime expression that finds nothing, because the name is wrong
   * or `dependsOn` does not list the job or stage, is an empty text without any warning, as on the server.
   */
  variables(place: JobPlace, declared: Texts): Record<string, string> {
    const values = Object.entries(declared).map(([name, text]) => {
      const expression = /^\$\[\s*(.*?)\s*\]$/s.exec(text)?.[1];
      return [name, expression === undefined ? text : this.#value(expression, place)] as const;
    });
    return Object.fromEntries(values);
  }

  #value(expression: string, place: JobPlace): string {
    const [, area = '', path = '', output = ''] =
      /^(dependencies|stageDependencies)((?:\.\w+)+)\.outputs\['([^']+)'\]$/i.exec(expression) ?? [];
    const names = path.slice(1).toLowerCase().split('.');
    const ofStage = area.toLowerCase() === 'stagedependencies';
    const [stage, job] = ofStage ? names : [place.stage.toLowerCase(), names[0]];
    if (area === '' || names.length !== (ofStage ? 2 : 1)) {
      throw new Error(`This agent cannot read the expression '${expression}'.`);
    }
    const visible = (ofStage ? place.stageDependsOn : place.dependsOn) ?? [];
    if (!visible.some((name) => name.toLowerCase() === names[0])) return '';
    const found = this.#jobs.find((each) => each.stage === stage && each.job === job);
    return found?.outputs.get(output.toLowerCase()) ?? '';
  }
}
