import { field, list, text, time } from '../../watching/fields.ts';
import { called, describe, kubectl, quoted, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { ambiguous, cannotPull, imageOf, isAzure, partsOf, pull, registryName, registryOf } from './image-words.ts';

function tagsCommand(found: Found): string {
  const host = registryOf(found);
  if (!isAzure(host)) return describe(found.signal.name);
  const { repository } = partsOf(imageOf(found));
  return `az acr repository show-tags --name ${registryName(host)} --repository ${word(repository, 'repository')} --orderby time_desc --top 10`;
}

/**
 * Whether a kubelet has pulled again after its first pause, which is ten seconds long. Without events only the time tells,
 * since the containers before it were done.
 */
function isTriedAgain({ signal, near, now }: Found): boolean {
  const pulls = near.filter(({ source, text: said }) => source === 'event' && said.startsWith('Failed to pull'));
  if (pulls.length > 0) return pulls.some(({ count }) => count > 1);
  const status = signal.object?.['status'];
  const initialized = list(field(status, 'conditions')).find((each) => field(each, 'type') === 'Initialized');
  const times = [field(status, 'startTime'), field(initialized, 'lastTransitionTime')];
  const begun = Math.max(...times.map((each) => (time(each) ?? now).getTime()));
  return signal.reason === 'ImagePullBackOff' && now.getTime() - begun > 30_000;
}

/** containerd's words for its own store, and a kubelet's for a program that signs in: neither is about the registry's tags. */
const isOfNode = /content digest |failed to extract |(?:extraction|prepare) snapshot|executable file not found/;

const notFound: Cause = {
  id: 'image-not-found',
  rank: 'image',
  evidence: 'A pull that fails with `not found` or `manifest unknown`',
  remedy: "Push the image, or correct its repository and tag in the chart's values",
  marks: pull(
    /not found|404 Not Found|manifest unknown|MANIFEST_UNKNOWN|NAME_UNKNOWN|does not exist or may require authorization/,
  ),
  applies: ({ signal }) => !isOfNode.test(signal.text),
  what: (found) =>
    ambiguous.test(found.signal.text)
      ? `${cannotPull(found)}: registry ${quoted(registryOf(found))} says that the repository does not exist, or that a sign-in is needed.`
      : `${cannotPull(found)}: registry ${quoted(registryOf(found))} has no such tag or digest (not found).`,
  fix: (found) => {
    const { repository, version } = partsOf(imageOf(found));
    const pushed = `Push ${quoted(version)} to repository ${quoted(repository)}, or correct image.repository and image.tag in the chart's values`;
    return ambiguous.test(found.signal.text)
      ? `${pushed}; if the repository is there and private, give the pods a sign-in for it by imagePullSecrets.`
      : `${pushed}.`;
  },
  command: tagsCommand,
  // The push may be under way: it counts once the kubelet has tried again.
  canMend: (found) => ambiguous.test(found.signal.text) || !isTriedAgain(found),
};

const architecture: Cause = {
  id: 'wrong-architecture',
  rank: 'image',
  evidence:
    'A pull that fails with `no match for platform`, or `exec format error` in the state or the log of a container',
  remedy:
    "Build the image for the nodes' architecture, or choose nodes of the image's by `nodeSelector` `kubernetes.io/arch`",
  marks: [
    ...pull(/no match for platform|no matching manifest for/),
    { sources: ['waiting', 'terminated', 'log', 'event'], pattern: /exec format error/ },
  ],
  // A program that runs may print such a thing of another one.
  applies: ({ signal }) => signal.source !== 'log' || field(signal.container?.status, 'state', 'running') === undefined,
  what: (found) =>
    `${called(found.owner)} cannot run ${quoted(imageOf(found), 500)}: the image is not built for the architecture of its node${archOf(found)}.`,
  fix: () =>
    "Build the image for the node's architecture too (docker buildx build --platform linux/amd64,linux/arm64), or send the pods to fitting nodes by nodeSelector 'kubernetes.io/arch'.",
  command: () => 'kubectl get nodes --label-columns kubernetes.io/arch,kubernetes.io/os',
  canMend: false,
};

function archOf({ signal, view }: Found): string {
  const name = text(field(signal.object?.['spec'], 'nodeName'));
  const node = view.nodes?.find(({ metadata }) => metadata.name === name);
  const arch = text(field(node?.['status'], 'nodeInfo', 'architecture'));
  return arch === '' ? '' : ` (${quoted(arch)})`;
}

const invalidName: Cause = {
  id: 'image-name-invalid',
  rank: 'image',
  evidence: 'A container that waits for InvalidImageName',
  remedy: "Correct `image.repository` and `image.tag` in the chart's values; an empty tag leaves a colon at the end",
  marks: [
    { sources: ['waiting'], reasons: ['InvalidImageName'] },
    {
      sources: ['event'],
      reasons: ['InspectFailed', 'Failed'],
      pattern: /couldn't parse image|invalid reference format|InvalidImageName/,
    },
  ],
  what: (found) => `${called(found.owner)} has an image whose name is not valid: ${quoted(imageOf(found), 500)}.`,
  fix: (found) =>
    imageOf(found).endsWith(':')
      ? "Its tag is empty: set image.tag in the chart's values (an output or variable that it comes from was empty)."
      : "Correct image.repository and image.tag in the chart's values: lower-case letters, no spaces, no 'https://'.",
  command: (found) => kubectl('get', found.owner) + " --output jsonpath='{..image}'",
  canMend: false,
};

/** What is wrong with an image or its name. */
export const imageCauses: readonly Cause[] = [invalidName, architecture, notFound];
