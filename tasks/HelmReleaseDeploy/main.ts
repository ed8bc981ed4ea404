import type { OpenCluster } from '../common/cluster/open-cluster.ts';
import { clusterNames, openNamedCluster } from '../common/cluster/named-cluster.ts';
import { requiredApproval } from '../common/devops/index.ts';
import { HelmCli, toRelease } from '../common/helm/index.ts';
import { checkRelease } from '../common/helm/release-name.ts';
import { rollOut } from '../common/rollout/deploy.ts';
import { rollBack } from '../common/rollout/rollback.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import type { Outcome } from '../common/task/outcome.ts';
import { type Attempt, newAttempt } from './attempt.ts';
import { chartOf, warnOfOther } from './chart.ts';
import { type Checked, checkedInputs } from './checked-inputs.ts';
import { handoffIn } from './handoff-file.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { outcomeOf, outcomeOfRefusal } from './outcome.ts';
import { checkHelm, deployRequest, rollBackRequest } from './requests.ts';
import { valuesOf } from './values.ts';
import { atRelease } from './workplace.ts';

/** Rolls a chart out, or a release back, while no other run does, and tells what is there then. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<Outcome> {
  // A script that pastes an output that was never set would get its name.
  context.setOutput('diagnosisFile', '');
  const checked = checkedInputs(inputs);
  const { releaseName: name, namespace } = checked;
  const attempt = newAttempt(name === undefined ? undefined : { name, namespace });
  const act = inputs.action === 'rollback' ? goBack : deploy;
  try {
    if (inputs.requireApproval) attempt.approvers = await requiredApproval(context);
    return await act(inputs, checked, attempt, context);
  } catch (error) {
    return outcomeOfRefusal(error, attempt, context);
  }
}

/** The helm of this step. @throws TaskError when there is none that can do what the inputs ask for */
async function helmOf(inputs: Inputs, context: TaskContext<Output>): Promise<HelmCli> {
  const helm = await HelmCli.find(context, given(inputs, 'helmVersion'), toRelease);
  checkHelm(helm.version, inputs, context);
  return helm;
}

async function deploy(
  inputs: Inputs,
  checked: Checked,
  attempt: Attempt,
  context: TaskContext<Output>,
): Promise<Outcome> {
  const handoff = inputs.handoffFile === undefined ? undefined : await handoffIn(inputs.handoffFile, context);
  attempt.handoff = handoff;
  const valuesFile = await valuesOf(inputs, handoff, context);
  const found = helmOf(inputs, context);
  const [helm, chart, cluster] = await Promise.all([
    found,
    chartOf(inputs, handoff, () => found, context),
    openedFor(attempt, inputs, context),
  ]);
  attempt.chart = chart;
  warnOfOther(chart, handoff, context);
  const name =
    checked.releaseName ??
    checkRelease(chart.name, 'Give the input releaseName: without it the name of the chart is taken, which');
  const release = { name, namespace: checked.namespace };
  attempt.release = release;
  const request = deployRequest(
    { release, chart, valuesFile, handoff, approvers: attempt.approvers },
    inputs,
    checked,
    context,
  );
  return atRelease({ release, cluster, helm, inputs, checked }, context, async (tools) => {
    attempt.facts = () => tools.doctor?.report();
    const end = await rollOut({ ...request, observer: tools.doctor }, tools);
    return outcomeOf(end, release, attempt, tools, context);
  });
}

async function goBack(
  inputs: Inputs,
  checked: Checked,
  attempt: Attempt,
  context: TaskContext<Output>,
): Promise<Outcome> {
  const release = { name: inputs.releaseName ?? '', namespace: checked.namespace };
  const [helm, cluster] = await Promise.all([helmOf(inputs, context), openedFor(attempt, inputs, context)]);
  return atRelease({ release, cluster, helm, inputs, checked }, context, async (tools) => {
    const end = await rollBack(
      rollBackRequest({ release, approvers: attempt.approvers }, inputs, checked, context),
      tools,
    );
    return outcomeOf(end, release, attempt, tools, context);
  });
}

async function openedFor(attempt: Attempt, inputs: Inputs, context: TaskContext<Output>): Promise<OpenCluster> {
  attempt.cluster = await openNamedCluster(clusterNames(inputs), context);
  return attempt.cluster;
}
