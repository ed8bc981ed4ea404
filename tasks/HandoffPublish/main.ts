import { thisRun } from '../common/devops/index.ts';
import {
  checkArtifactName,
  checkedHandoff,
  checkRegistry,
  type HandedBytes,
  type Handoff,
  handoffFile,
  handoffSummary,
  refuseSecrets,
  type RegistryAdvice,
  sealed,
} from '../common/handoff/index.ts';
import { type ChartRegistry, openRegistry } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError, type Outcome } from '../common/task/outcome.ts';
import type { Secret } from '../common/task/secrets.ts';
import { handedFiles } from './files.ts';
import { resolveImages, wantedImage } from './images.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { namedLines } from './named-lines.ts';
import { pushedChart } from './pushed-chart.ts';
import { writeHandoff } from './write-handoff.ts';

/** Puts the handoff together, checks it as the importing side will, and publishes it. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<Outcome> {
  const artifactName = checkArtifactName(given(inputs, 'artifactName'));
  const files = await handedFiles(inputs, context);
  const handoff = await handoffOf(inputs, files, artifactName, context);
  const final = inputs.sealKey === undefined ? handoff : sealed(handoff, inputs.sealKey);
  const { file, published } = await writeHandoff(final, files, artifactName, context);
  // First, since it refuses a name that a script would act on.
  context.setOutput('handoffPath', file);
  context.uploadArtifact(artifactName, published);
  const { chart, images, variables } = handoff;
  const parts = [
    counted(images.length, 'image'),
    counted(Object.keys(variables).length, 'variable'),
    counted(files.size, 'file'),
  ];
  return {
    message: `Handoff of chart ${chart.name} ${chart.version} (${chart.digest}), with ${parts.join(', ')}, goes into artifact ${artifactName}.`,
    summary: { title: 'Handoff', markdown: handoffSummary(final) },
  };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

async function handoffOf(
  inputs: Inputs,
  files: HandedBytes,
  artifactName: string,
  context: TaskContext<Output>,
): Promise<Handoff> {
  const { chart, loginServer } = pushedChart(inputs);
  const wanted = namedLines(inputs.images, 'images').map(([name, text]) => wantedImage(name, text, loginServer));
  const variables = Object.fromEntries(namedLines(inputs.variables, 'variables'));
  const run = { ...thisRun(context) };
  const registry = chosenRegistry(inputs, wanted.length > 0, loginServer, context);
  const images = registry === undefined ? [] : await resolveImages(wanted, registry);
  const imgVersion = inputs.imgVersion ?? images[0]?.tag;
  const draft: Handoff = {
    schemaVersion: 1,
    chartVersion: chart.version,
    ...(imgVersion !== undefined && { imgVersion }),
    chart,
    images,
    variables,
    ...(files.size > 0 && { files: [...files].map(([name, bytes]) => handoffFile(name, bytes)) }),
    run,
  };
  // First, since a secret in the wrong place is worse than one that a script could not paste.
  refuseSecrets(draft, [...context.secrets(connectionsOf(inputs)), ...keyOf(inputs)], artifactName, files);
  const handoff = checkedHandoff(draft);
  if (registry !== undefined) await checkRegistry({ ...handoff, images: [] }, registry, advice);
  return handoff;
}

/** The handoff is only being made, so what does not fit is in the inputs. */
const advice: RegistryAdvice = {
  elsewhere: 'push the chart to the registry of the connection, or use the connection of its registry',
  gone: 'push it in a step before this one, and give the outputs chartDigestRef and chartVersion of that step',
  moved:
    'give chartDigestRef and chartVersion of the same HelmChartPush step; if they are, another run pushed over the ' +
    'version since, so push it again under another one',
};

/** The agent does not know it as a secret where the pipeline writes it out. */
const keyOf = ({ sealKey }: Inputs): Secret[] =>
  sealKey === undefined ? [] : [{ name: 'input sealKey', value: sealKey }];

const connectionsOf = ({ azureSubscription, containerRegistry }: Inputs): string[] =>
  [azureSubscription, containerRegistry].filter((id) => id !== undefined);

function chosenRegistry(
  inputs: Inputs,
  isNeeded: boolean,
  loginServer: string,
  context: TaskContext<Output>,
): ChartRegistry | undefined {
  if (connectionsOf(inputs).length > 0)
    return openRegistry({ ...inputs, registry: given(inputs, 'registry') }, context, {
      input: 'chartDigestRef',
      loginServer,
    });
  if (!isNeeded) return undefined;
  throw new TaskError(
    `The digests of the images are in ${loginServer}: give the input azureSubscription (and registry) or containerRegistry, whose ` +
      'identity may pull there.',
  );
}
