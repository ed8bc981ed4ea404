import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { chartRequest, chartToDeploy } from '../common/chart/source/chart-to-deploy.ts';
import { HelmCli } from '../common/helm/index.ts';
import { checkRelease } from '../common/helm/release-name.ts';
import { renderChart } from '../common/helm/template.ts';
import { documentsIn, objectsOf, templateOf } from '../common/policy/manifest.ts';
import type { ManifestObject } from '../common/policy/objects.ts';
import { documentsOf } from '../common/policy/policy-files.ts';
import type { TaskContext } from '../common/task/context.ts';
import { ToolFailure } from '../common/task/exec.ts';
import { given } from '../common/task/inputs.ts';
import { checkJobPlace } from '../common/task/job-files.ts';
import { noNetwork } from '../common/task/network.ts';
import { TaskError } from '../common/task/outcome.ts';
import { printable, shortenedInside, shown } from '../common/text/shown.ts';
import { ensureTool } from '../common/tools/index.ts';
import type { Checked } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { valuesOf } from './values.ts';

type Context = TaskContext<Output>;

/** What is checked, and how people know it. */
export interface Subject {
  readonly name: string;
  readonly objects: readonly ManifestObject[];
}

/** Files that stand beside manifests and are none. */
const besideManifests = ['kustomization.yaml', 'kustomization.yml', 'chart.yaml'];

const maxOutput = 32 * 1024 * 1024;

/** The objects that the inputs name. @throws TaskError when there are none, or they cannot be had */
export async function subjectOf(inputs: Inputs, checked: Checked, context: Context): Promise<Subject> {
  const subject = await found(inputs, checked, context);
  if (subject.objects.length > 0) return subject;
  throw new TaskError(`${subject.name} holds no object of Kubernetes, so there is nothing to check.`);
}

async function found(inputs: Inputs, checked: Checked, context: Context): Promise<Subject> {
  const { manifests, kustomization } = inputs;
  const where = { namespace: checked.namespace, environment: '' };
  if (manifests !== undefined) {
    const documents = await documentsOf(
      { input: 'manifests', value: manifests },
      { passedOver: besideManifests },
      context,
    );
    return { name: 'The manifests', objects: objectsOf(documents, where) };
  }
  if (kustomization !== undefined) {
    const text = await built(kustomization, context);
    return { name: `The kustomization ${kustomization}`, objects: objectsOf(documentsIn(text, kustomization), where) };
  }
  return rendered(inputs, checked, context);
}

async function built(folder: string, context: Context): Promise<string> {
  const place = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.', folder);
  const isFolder = (await lstat(place).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) throw new TaskError(`Input kustomization is ${shown(folder)}, and no folder is there (${place}).`);
  await checkJobPlace(place, context);
  const kubectl = await ensureTool('kubectl', undefined, context);
  // kustomize fetches bases by git, which also reads other folders (file:) and asks servers without a proxy (ssh:).
  const env = { ...noNetwork, GIT_ALLOW_PROTOCOL: 'none', KUBECONFIG: undefined };
  const options = { show: false, maxOutput, env };
  try {
    return (await context.exec(kubectl.path, ['kustomize', place], options)).stdout;
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    const said = shortenedInside(printable(error.stderr).replaceAll(/\s+/g, ' ').trim(), 1000);
    const isRemote = /: transport '\w+' not allowed|: proxyconnect /.test(error.stderr);
    const hint =
      'Nothing is fetched here, neither by git nor from the web: take what it refers to into the repository. ';
    throw new TaskError(`kubectl cannot build the kustomization ${shown(folder)}. ${isRemote ? hint : ''}${said}`);
  }
}

async function rendered(inputs: Inputs, checked: Checked, context: Context): Promise<Subject> {
  const helm = await HelmCli.find(context, given(inputs, 'helmVersion'));
  const named = { input: 'chart', value: inputs.chart ?? '' };
  const chart = await chartToDeploy(
    chartRequest(named, inputs, () => Promise.resolve(helm)),
    context,
  );
  const release =
    checked.releaseName ??
    checkRelease(chart.name, 'Give the input releaseName: without it the name of the chart is taken, which');
  const objects: ManifestObject[] = [];
  for (const environment of checked.environments) {
    const request = {
      release,
      namespace: checked.namespace,
      chart: chart.archive,
      valuesFile: await valuesOf(inputs, environment, context),
      schemaReferences: given(inputs, 'allowSchemaReferences'),
    };
    const documents = documentsIn(await renderChart(helm, request, context), templateOf);
    const made = objectsOf(documents, { namespace: checked.namespace, environment: environment.name });
    if (made.length === 0 && environment.name !== '') {
      throw new TaskError(
        `With the values of ${environment.name} (input environments) the chart ${chart.name} renders no object, so there is nothing ` +
          'to check: correct the values, or take the line out.',
      );
    }
    objects.push(...made);
  }
  return { name: `The chart ${chart.name} ${chart.version}`, objects };
}
