import { hookOf } from '../health/hooks.ts';
import { shortenedInside } from '../text/shown.ts';
import { field, list } from '../watching/fields.ts';
import { nameOf, type ObjectName, type ReleaseView, type SeenObject } from '../watching/view.ts';
import { longest, type Signal, type Troubled } from './signals.ts';

/** Helm's words are looked at as far as this: a release of 300 objects may have an error for each. */
const longestWords = 64 * 1024;
const mostErrors = 100;

/** The kinds that helm's and the API server's errors name by their plural. */
const plurals = new Map(
  Object.entries({
    pods: 'Pod',
    services: 'Service',
    configmaps: 'ConfigMap',
    secrets: 'Secret',
    serviceaccounts: 'ServiceAccount',
    persistentvolumeclaims: 'PersistentVolumeClaim',
    deployments: 'Deployment',
    statefulsets: 'StatefulSet',
    daemonsets: 'DaemonSet',
    replicasets: 'ReplicaSet',
    jobs: 'Job',
    cronjobs: 'CronJob',
    ingresses: 'Ingress',
    networkpolicies: 'NetworkPolicy',
    roles: 'Role',
    rolebindings: 'RoleBinding',
    clusterroles: 'ClusterRole',
    clusterrolebindings: 'ClusterRoleBinding',
    horizontalpodautoscalers: 'HorizontalPodAutoscaler',
    poddisruptionbudgets: 'PodDisruptionBudget',
  }),
);

/** How errors of helm 3 and 4, of client-go and of the API server name the object that they are about; all have kind and name. */
const naming: readonly RegExp[] = [
  // helm 3, pkg/kube/client.go: cannot patch "shop" with kind Deployment
  /cannot (?:patch|replace) "(?<name>[^"\s]{1,253})" with kind (?<kind>\w{1,63})/,
  // helm 4, pkg/kube/client.go: server-side apply failed for object shop/shop apps/v1, Kind=Deployment; conflict … applying object
  /(?:for|applying) object (?:[\w.-]{1,63}\/)?(?<name>[^\s/"]{1,253}) [\w./-]{1,100}, Kind=(?<kind>\w{1,63})/,
  // helm, pkg/action/validate.go: Deployment "shop" in namespace "shop" exists and cannot be imported
  /(?<kind>\w{1,63}) "(?<name>[^"\s]{1,253})" in namespace "[^"]{0,63}" exists and cannot be imported/,
  // cli-runtime, pkg/resource/mapper.go: resource mapping not found for name: "shop" namespace: "" from "": no matches for kind
  /for name: "(?<name>[^"\s]{1,253})"[^\n]{0,300}?no matches for kind "(?<kind>\w{1,63})"/,
  // helm 3 waits for hooks: job shop-migrate failed: BackoffLimitExceeded
  /\b(?<kind>job|pod) (?<name>[\w.-]{1,253}) failed/i,
  // helm 4, pkg/kube/statuswait.go: resource Job/shop/shop-migrate not ready
  /resource (?<kind>\w{1,63})\/[\w.-]{0,63}\/(?<name>[\w.-]{1,253}) not ready/,
  // apimachinery, pkg/api/errors: deployments.apps "shop" is forbidden, Deployment.apps "shop" is invalid
  /(?<kind>\w{1,63})(?:\.[\w.-]{1,253})? "(?<name>[^"\s]{1,253})" (?:is forbidden|is invalid|already exists|not found)/,
];

/** What helm and the API server said, joined to what is seen of the same objects. */
export function withHelmsWords(troubled: readonly Troubled[], said: string, view: ReleaseView): Troubled[] {
  const byOwner = new Map(troubled.map((each) => [titleKey(each.owner), each]));
  for (const text of errorsIn(said)) {
    const name = namedIn(text, view) ?? releaseOf(view);
    const object = view.objects.find((seen) => titleKey(nameOf(seen)) === titleKey(name));
    const signal: Signal = { source: 'helm', reason: '', text, where: 'helm', at: undefined, count: 1, object, name };
    const known = byOwner.get(titleKey(name)) ?? { owner: name, root: object, pods: [], signals: [] };
    byOwner.set(titleKey(name), { ...known, signals: [...known.signals, signal] });
  }
  return [...byOwner.values()];
}

/** Who has what no object is named for, and helm's own record, which is no object of the release. */
const releaseOf = ({ release }: ReleaseView): ObjectName => ({ kind: 'Release', ...release });

const titleKey = ({ kind, namespace, name }: ObjectName): string => `${kind}/${namespace}/${name}`;

/** What goes on with the line before: denials of policies, fields in conflict, rights. */
const goesOn = /\n(?! ?(?:\[|- |conflicts? with |\{))| && /;

/** Helm 3 heads a list of errors so, also one of a single error. */
const heading = /\d{1,6} errors? occurred: ?\n ?\* /g;

/** helm cannot compare with the revision before: all that follows is about that. */
const aboutBefore = 'current release manifest';

/** One text an error: helm 3 joins those of several objects by ` && `, others have lines of their own. */
function errorsIn(said: string): string[] {
  const whole = withoutGaps(withoutValues(shortenedInside(said, longestWords))).replaceAll(heading, '');
  const errors = whole.includes(aboutBefore) ? [whole] : whole.split(goesOn);
  const told = errors.map((error) => error.trim()).filter((error) => error !== '' && !isAside(error));
  // What is refused stands at the end, behind a value that may be long.
  return [...new Set(told)].slice(-mostErrors).map((error) => shortenedInside(error, longest));
}

/**
 * Of a Job's template that was changed the API server tells all of it (kubernetes, pkg/apis/batch/validation), plain values of
 * its environment, too, which nobody should find on a page.
 */
function withoutValues(words: string): string {
  const parts = words.split(immutable);
  const [begins, last] = ['Invalid value: ', parts.pop() ?? ''];
  const bare = parts.map((part) => {
    const at = part.indexOf(begins) + begins.length;
    return at < begins.length || part.length - at <= longestValue ? part : `${part.slice(0, at)}…`;
  });
  return [...bare, last].join(immutable);
}

const immutable = ': field is immutable';
/** In characters. */
const longestValue = 120;

/** White space around line ends tells nothing, and patterns that skip it would begin anew at each of thousands of them. */
function withoutGaps(words: string): string {
  return words.replace(/\s+/g, (gap) => (gap.includes('\n') ? `\n${/[ \t]$/.test(gap) ? ' ' : ''}` : gap));
}

/** What helm 4 and client-go log beside the error: the same once more, or warnings of what was taken. */
const isAside = (line: string): boolean =>
  /^level=\w+ msg=|^[IWE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.-]+\.go:\d+\] /.test(line);

function namedIn(error: string, { objects, release: { namespace } }: ReleaseView): ObjectName | undefined {
  for (const pattern of naming) {
    const { kind: said = '', name = '' } = pattern.exec(error)?.groups ?? {};
    if (name === '') continue;
    if (name.startsWith('sh.helm.release.')) return undefined;
    const kind = plurals.get(said.toLowerCase()) ?? said;
    const isIt = (object: SeenObject): boolean =>
      object.metadata.name === name && object.kind.toLowerCase() === kind.toLowerCase();
    const seen = objects.find(isIt);
    return seen === undefined ? { kind: kind[0]?.toUpperCase() + kind.slice(1), namespace, name } : nameOf(seen);
  }
  return hookIn(error, objects);
}

/** Of a hook that did not end in time helm tells the hook's event alone: the object is the one that is not done. */
function hookIn(error: string, objects: readonly SeenObject[]): ObjectName | undefined {
  const { hook } = /failed (?<hook>(?:pre|post)-\w{1,20}): /.exec(error)?.groups ?? {};
  if (hook === undefined) return undefined;
  const left = objects.filter((object) => hooksOf(object).includes(hook) && !isDone(object));
  return left[0] && nameOf(left[0]);
}

const hooksOf = (object: SeenObject): string[] => hookOf(object)?.split(/\s*,\s*/) ?? [];

function isDone({ kind, status }: SeenObject): boolean {
  if (kind === 'Pod') return field(status, 'phase') === 'Succeeded';
  const complete = list(field(status, 'conditions')).find((each) => field(each, 'type') === 'Complete');
  return kind !== 'Job' || field(complete, 'status') === 'True';
}
