import type { RunRecord } from '../common/devops/index.ts';
import {
  checkRegistry,
  checkRun,
  checkSeal,
  type Handoff,
  type HandoffOutputs,
  outputsOf,
  outputsOfTwoFields,
  type RegistryAdvice,
  type TwoFieldHandoff,
} from '../common/handoff/index.ts';
import { openRegistry } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** @throws TaskError when a seal is required, but there is no key to check it with. */
export function checkSealInputs({ requireSeal, sealKey }: Inputs): void {
  if (!requireSeal || sealKey !== undefined) return;
  throw new TaskError(
    'Input requireSeal is true, but input sealKey is empty: the secret variable has no value in this job. Check the name ' +
      'of the variable, that its group is linked to this pipeline, and that the run may read it (runs of forks may not).',
  );
}

const advice: RegistryAdvice = {
  elsewhere: 'correct input registry, or find out who changed the file',
  gone: 'it was deleted since; run the CI pipeline again',
  moved: 'the tag was moved after the CI run. Find out who pushed over it, and run the CI pipeline again',
};

/** What a handoff says, once seal, run and registry agree with it. @throws TaskError when one does not. */
export async function checkedOutputs(
  handoff: Handoff,
  record: RunRecord,
  inputs: Inputs,
  context: TaskContext<Output>,
): Promise<HandoffOutputs> {
  if (inputs.sealKey !== undefined) checkSeal(handoff, inputs.sealKey);
  else if (handoff.seal !== undefined) uncheckedSeal(inputs, context);
  checkRun(handoff.run, record);
  if (hasRegistry(inputs)) {
    const registry = openRegistry({ ...inputs, registry: given(inputs, 'registry') }, context);
    await checkRegistry(handoff, registry, advice);
  }
  return outputsOf(handoff);
}

function uncheckedSeal({ strict }: Inputs, context: TaskContext<Output>): void {
  const told = 'The handoff is sealed, but input sealKey is empty';
  if (strict) throw new TaskError(`${told}, and strict is set: give the sealKey that HandoffPublish got.`);
  context.log.warning(`${told}, so the seal was not checked.`);
}

/**
 * What the old file of two fields says. It proves nothing, so it cannot stand in where a proof is asked for.
 * @throws TaskError when the inputs ask for a seal, a digest or the full form.
 */
export function twoFieldOutputs(
  handoff: TwoFieldHandoff,
  inputs: Inputs,
  context: TaskContext<Output>,
): HandoffOutputs {
  const asked = [
    ...(inputs.strict ? ['strict is set'] : []),
    ...(inputs.sealKey === undefined ? [] : ['a sealKey is given, and it has no seal']),
    ...(hasRegistry(inputs) ? ['a registry is given, and it has no digest'] : []),
  ];
  if (asked.length > 0) {
    throw new TaskError(
      `variables.json has only the fields chartVersion and imgVersion, but ${asked.join(', and ')}. ` +
        'Write it with HandoffPublish@1 in the CI pipeline.',
    );
  }
  context.log.warning(
    'variables.json has only the fields chartVersion and imgVersion: nothing says which run wrote it or which digests are ' +
      'meant. Write it with HandoffPublish@1 in the CI pipeline.',
  );
  return outputsOfTwoFields(handoff);
}

function hasRegistry({ azureSubscription, containerRegistry, registry }: Inputs): boolean {
  return [azureSubscription, containerRegistry, registry].some((input) => input !== undefined);
}
