import { NotSupported } from '../yaml/refusal.ts';
import { valueOf, type MappingToken } from '../yaml/token.ts';
import type { StepDocument, StepTarget } from './document.ts';
import { count, flag, given, needed, record, text, texts } from './fields.ts';

/** Reads a step of the preview's form. */
export function readStep(step: MappingToken): StepDocument {
  const reference = needed(step, 'task');
  const [, task, version] = /^(.+)@([\d.]+)$/.exec(reference) ?? [];
  if (task === undefined || version === undefined) throw new NotSupported(`the task '${reference}' without a version`);
  return {
    task,
    version,
    inputs: record(step, 'inputs'),
    env: record(step, 'env'),
    continueOnError: flag(step, 'continueOnError', false),
    enabled: flag(step, 'enabled', true),
    timeoutInMinutes: count(step, 'timeoutInMinutes'),
    retryCountOnTaskFailure: count(step, 'retryCountOnTaskFailure'),
    ...given<Pick<StepDocument, 'name' | 'displayName' | 'condition' | 'target'>>({
      name: text(step, 'name'),
      displayName: text(step, 'displayName'),
      condition: text(step, 'condition'),
      target: readTarget(step),
    }),
  };
}

function readTarget(step: MappingToken): StepTarget | undefined {
  const target = valueOf(step, 'target');
  if (target === undefined) return undefined;
  if (target.kind === 'scalar') return { container: target.text };
  const commands = text(target, 'commands');
  if (commands !== undefined && commands !== 'any' && commands !== 'restricted')
    throw new NotSupported(`target commands: ${commands}`);
  const settable = valueOf(target, 'settableVariables');
  const none = settable?.kind === 'scalar' && settable.text === 'none' ? [] : undefined;
  return given<StepTarget>({
    container: text(target, 'container'),
    commands,
    settableVariables: none ?? texts(target, 'settableVariables'),
  });
}
