import { behaviourOf, logAnnotation } from './controllers/behaviour.ts';
import type { KubernetesObject } from './objects.ts';
import { Refusal } from './refusal.ts';

interface Status {
  readonly name: string;
  readonly state?: { readonly running?: object; readonly terminated?: object; readonly waiting?: { reason: string } };
  readonly lastState?: { readonly terminated?: object };
}

/**
 * What a container of a pod has printed, as much as the query asks for. Throws a Refusal (400) in the words of the API
 * server or of a kubelet (kubernetes, pkg/registry/core/pod/strategy.go, pkg/kubelet/kubelet_pods.go).
 */
export function logOf(pod: KubernetesObject, query: URLSearchParams): string {
  const container = containerIn(pod, query.get('container'));
  if (nodeOf(pod) === undefined) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const { containerStatuses = [] } = (pod['status'] ?? {}) as { containerStatuses?: readonly Status[] };
  checkStarted(
    pod.metadata.name,
    container,
    containerStatuses.find(({ name }) => name === container),
    query.get('previous') === 'true',
  );
  const lines = textOf(pod).split(/(?<=\n)/);
  const tail = query.has('tailLines') ? lines.slice(-Number(query.get('tailLines'))) : lines;
  const bytes = Buffer.from(query.get('tailLines') === '0' ? '' : tail.join(''));
  return bytes.subarray(0, Number(query.get('limitBytes') ?? bytes.length)).toString();
}

const nodeOf = ({ spec }: KubernetesObject): unknown => (spec as { nodeName?: string } | undefined)?.nodeName;

function textOf(pod: KubernetesObject): string {
  const own = pod.metadata.annotations?.[logAnnotation];
  if (own !== undefined) return own;
  const behaviour = behaviourOf(pod);
  if (behaviour === 'command-missing') return '';
  const isCrash = behaviour === 'crash-loop' || behaviour === 'failing';
  return isCrash ? 'starting\nfatal: the played program fails\n' : 'starting\nlistening\n';
}

function containerIn({ metadata: { name }, spec }: KubernetesObject, given: string | null): string {
  const { containers = [] } = (spec ?? {}) as { containers?: readonly { name: string }[] };
  const names = containers.map((one) => one.name);
  const [first = '', second] = names;
  if (given === null && second !== undefined) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  }
  if (given !== null && !names.includes(given)) throw badRequest(`container ${given} is not valid for pod ${name}`);
  return given ?? first;
}

function checkStarted(pod: string, container: string, status: Status | undefined, isPrevious: boolean): void {
  const which = `container "${container}" in pod "${pod}"`;
  if (isPrevious) {
    if (status?.lastState?.terminated === undefined) throw badRequest(`previous terminated ${which} not found`);
    return;
  }
  if (status === undefined) throw badRequest(`${which} is not available`);
  const { state = {}, lastState = {} } = status;
  if ((state.running ?? state.terminated ?? lastState.terminated) !== undefined) return;
  const reason = state.waiting?.reason ?? '';
  throw badRequest(`${which} is waiting to start: ${inOtherWords[reason] ?? reason}`);
}

const inOtherWords: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequest', message);
