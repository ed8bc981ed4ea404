import { assess } from '../common/policy/assess.ts';
import { judge } from '../common/policy/judge.ts';
import { labelsFor } from '../common/policy/namespaces.ts';
import type { TaskContext } from '../common/task/context.ts';
import type { Outcome } from '../common/task/outcome.ts';
import { checkedInputs } from './checked-inputs.ts';
import { engineOf, rulesOf } from './engines.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { subjectOf } from './objects.ts';
import { outcomeOf } from './outcome.ts';

/** Judges a chart, or manifests, by policies, and tells what each of them found, or that it found nothing to judge. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<Outcome> {
  const checked = checkedInputs(inputs);
  const rules = await rulesOf(inputs, checked, context);
  const { name, objects } = await subjectOf(inputs, checked, context);
  // Objects are judged in rounds, and a Namespace among them counts for those of all.
  const engine = await engineOf(inputs, { ...rules, labels: labelsFor(objects, rules.labels) }, context);
  context.log.info(`${name}: objects: ${objects.length}, policies: ${rules.policies.length}.`);
  const results = await judge(rules.policies, objects, engine, context);
  const assessment = assess(results, { failOn: inputs.failOn, allowUnmatched: checked.allowUnmatched });
  return outcomeOf(assessment, name, inputs, context);
}
