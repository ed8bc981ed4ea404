import type { PipelineDocument } from '../agent/pipelines/run/index.ts';
import type { TaskCatalogue } from '../agent/steps/index.ts';
import type { ProgramId } from '../real/index.ts';
import { stepsOf } from './named.ts';

/** The programs that the tasks of pipelines start, beside those that they need for Azure: an agent that has them installs none. */
export function programsIn(pipelines: readonly PipelineDocument[], catalogue: TaskCatalogue): ProgramId[] {
  const programs = pipelines.flatMap(stepsOf).flatMap(({ task, version, inputs }) => {
    const start = startedBy[catalogue.find(task, version)?.definition.name ?? ''];
    return start?.(inputs) ?? [];
  });
  return [...new Set(programs)];
}

type Inputs = Readonly<Record<string, string>>;

const startedBy: Readonly<Record<string, (inputs: Inputs) => ProgramId[]>> = {
  HelmChartSave: () => ['helm-4.1'],
  HelmReleaseDeploy: () => ['helm-4.1'],
  PolicyCheck: ({ chart = '', kustomization = '', engine = '' }) => [
    ...(chart === '' ? [] : ['helm-4.1' as const]),
    ...(kustomization === '' ? [] : ['kubectl' as const]),
    ...enginesOf(engine.trim().toLowerCase()),
  ],
};

/** Which one only a running step knows may be any. */
function enginesOf(engine: string): ProgramId[] {
  if (engine === 'kyverno') return ['kyverno'];
  if (engine === 'gatekeeper') return ['gator'];
  return engine.includes('$(') ? ['kyverno', 'gator'] : [];
}
