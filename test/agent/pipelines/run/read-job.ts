import { NotSupported } from '../yaml/refusal.ts';
import { textOf, valueOf, type MappingToken, type Token } from '../yaml/token.ts';
import { hookNames, type AgentJobDocument, type DeploymentDocument, type HookDocument } from './document.ts';
import type { JobDocument, VariableDocument } from './document.ts';
import { count, flag, given, items, needed, record, text, texts } from './fields.ts';
import { readStep } from './read-step.ts';

/** Reads a job of the preview's form. Throws NotSupported, with the job's name, for what this runner does not play. */
export function readJob(job: MappingToken): JobDocument {
  const isDeployment = valueOf(job, 'deployment') !== undefined;
  const name = needed(job, isDeployment ? 'deployment' : 'job');
  for (const key of ['container', 'services']) {
    if (valueOf(job, key) !== undefined) throw new NotSupported(`${key} of job '${name}'`);
  }
  if (textOf(valueOf(job, 'pool'), 'name') === 'server') throw new NotSupported(`job '${name}' without an agent`);
  const node = {
    name,
    variables: readVariables(job),
    ...given<Omit<AgentJobDocument, 'name' | 'kind' | 'variables' | 'steps' | 'matrix' | 'maxParallel'>>({
      displayName: text(job, 'displayName'),
      dependsOn: texts(job, 'dependsOn'),
      condition: text(job, 'condition'),
      continueOnError: text(job, 'continueOnError'),
      timeoutInMinutes: text(job, 'timeoutInMinutes'),
      cancelTimeoutInMinutes: text(job, 'cancelTimeoutInMinutes'),
    }),
  };
  if (isDeployment) return { kind: 'deployment', ...node, ...readDeployment(job, name) };
  return { kind: 'job', ...node, steps: items(job, 'steps').map(readStep), ...readMatrix(job, name) };
}

/** `variables:` of any level. */
export function readVariables(place: MappingToken): VariableDocument[] {
  return items(place, 'variables').map((variable) => {
    const group = text(variable, 'group');
    if (group !== undefined) return { kind: 'group', name: group };
    const value = text(variable, 'value') ?? '';
    return { kind: 'value', name: needed(variable, 'name'), value, readOnly: flag(variable, 'readonly', false) };
  });
}

function readMatrix(job: MappingToken, name: string): Pick<AgentJobDocument, 'matrix' | 'maxParallel'> {
  const strategy = valueOf(job, 'strategy');
  if (strategy === undefined) return {};
  const matrix = valueOf(strategy, 'matrix');
  if (matrix?.kind !== 'mapping') throw new NotSupported(`a strategy other than a written matrix in job '${name}'`);
  const legs = matrix.pairs.map(({ key }) => [key.text, new Map(Object.entries(record(matrix, key.text)))] as const);
  const most = count(strategy, 'maxParallel');
  return { matrix: new Map(legs), ...(most > 0 && { maxParallel: most }) };
}

function readDeployment(job: MappingToken, name: string): Pick<DeploymentDocument, 'environment' | 'hooks'> {
  const environment = valueOf(job, 'environment');
  const resource = ['resourceName', 'resourceId', 'resourceType', 'tags'].find((key) => valueOf(environment, key));
  if (resource !== undefined) throw new NotSupported(`${resource} of the environment of deployment job '${name}'`);
  const strategy = valueOf(job, 'strategy');
  const runOnce = valueOf(strategy, 'runOnce');
  if (runOnce === undefined) {
    const other = strategy?.kind === 'mapping' ? strategy.pairs[0]?.key.text : undefined;
    throw new NotSupported(`the strategy '${other ?? ''}' of deployment job '${name}'`);
  }
  return { environment: textOf(environment, 'name') ?? '', hooks: readHooks(runOnce) };
}

function readHooks(runOnce: Token): HookDocument[] {
  return hookNames.flatMap((name) => {
    const hook = name.split('.').reduce<Token | undefined>((token, key) => valueOf(token, key), runOnce);
    return hook === undefined ? [] : [{ name, steps: items(hook, 'steps').map(readStep) }];
  });
}
