import type { PipelineDocument, PipelineResource } from './document.ts';
import { sameName } from './graph.ts';
import { fullBranch } from './resources.ts';
import type { PipelineRecord } from './record.ts';
import { isGood } from './statuses.ts';

/** A run that is over, as triggers look at it. */
export type FinishedRun = Pick<PipelineRecord, 'pipeline' | 'branch' | 'result' | 'tags'> & {
  readonly stages: readonly Pick<PipelineRecord['stages'][number], 'name' | 'result'>[];
};

/**
 * The resource by which a finished run of another pipeline starts this one; undefined when it does not. A run, or the stages
 * that the trigger names, must have succeeded, and the trigger's tags must all be on the run.
 */
export function triggeredBy(pipeline: PipelineDocument, finished: FinishedRun): PipelineResource | undefined {
  return pipeline.pipelines.find(({ source, trigger }) => {
    if (trigger === undefined || !sameName(source, finished.pipeline)) return false;
    const { branches, stages, tags } = trigger;
    const isTagged = tags.every((tag) => finished.tags.some((other) => sameName(tag, other)));
    return isTagged && includes(branches, finished.branch) && hasSucceeded(finished, stages);
  });
}

function hasSucceeded({ result, stages }: FinishedRun, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return isGood(result);
  return wanted.every((name) =>
    stages.some((stage) => sameName(stage.name, name) && stage.result !== 'NotStarted' && isGood(stage.result)),
  );
}

interface BranchFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** An excluded branch stays out whatever includes it; with exclusions alone, every other one is in. */
function includes({ include, exclude }: BranchFilter, branch: string): boolean {
  if (exclude.some((pattern) => matches(pattern, branch))) return false;
  return include.length === 0 || include.some((pattern) => matches(pattern, branch));
}

/** `*` stands for any characters, slashes too. Names of branches mind case. */
function matches(pattern: string, branch: string): boolean {
  const parts = fullBranch(pattern)
    .split('*')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(fullBranch(branch));
}
