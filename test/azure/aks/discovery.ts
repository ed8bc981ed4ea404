import type { Fields } from './objects.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** What the API server says of itself and its resources; undefined for every other address. */
export function discovery(path: string, known: readonly Resource[]): Fields | undefined {
  if (path === '/version') return version;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups(known) };
  if (path === '/openapi/v3') return { paths: Object.fromEntries(groupVersions(known).map(openApiEntry)) };
  const described = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1];
  if (described !== undefined) return openApi(described, known);
  const [, groupVersion] = /^\/(?:api|apis)\/((?:[^/]+\/)?v\w+)$/.exec(path) ?? [];
  const ofVersion = known.filter((one) => apiVersionOf(one) === groupVersion);
  if (ofVersion.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: ofVersion.flatMap(entries) };
}

const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0',
  gitCommit: '0'.repeat(40),
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};

function groups(known: readonly Resource[]): Fields[] {
  const named = known.filter(({ group }) => group !== '');
  return [...new Map(named.map((one) => [one.group, one.version]))].map(([name, first]) => {
    const preferred = { groupVersion: `${name}/${first}`, version: first };
    return { name, versions: [preferred], preferredVersion: preferred };
  });
}

function entries({ name, kind, namespaced, verbs, shortNames, subresources }: Resource): Fields[] {
  const main = { name, singularName: kind.toLowerCase(), namespaced, kind, verbs };
  const ofSubresources = subresources.map((one) => ({
    name: `${name}/${one}`,
    singularName: '',
    namespaced,
    ...(one === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind }),
    verbs: one === 'log' ? ['get'] : ['get', 'patch', 'update'],
  }));
  const more = { ...(shortNames?.length && { shortNames }), ...(inAll.has(kind) && { categories: ['all'] }) };
  return [{ ...main, ...more }, ...ofSubresources];
}

/** What `kubectl get all` shows. */
const inAll = new Set(
  'Pod Service Deployment ReplicaSet StatefulSet DaemonSet Job CronJob HorizontalPodAutoscaler'.split(' '),
);

/** The places of the descriptions, such as `apis/apps/v1`. */
function groupVersions(known: readonly Resource[]): string[] {
  return [...new Set(known.map(placeOf))];
}

function placeOf(resource: Resource): string {
  return `${resource.group === '' ? 'api' : 'apis'}/${apiVersionOf(resource)}`;
}

function openApiEntry(place: string): [string, Fields] {
  return [place, { serverRelativeURL: `/openapi/v3/${place}?hash=${place.length}` }];
}

/** As much as helm and kubectl look at: that PATCH of a kind knows `fieldValidation`, so that they leave that to the server. */
function openApi(place: string, known: readonly Resource[]): Fields | undefined {
  const described = known.filter((one) => placeOf(one) === place);
  if (described.length === 0) return undefined;
  const paths = described.map((resource) => {
    const { group, version: ofGroup, kind, name, namespaced } = resource;
    const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(queryParameter);
    const patch = { 'x-kubernetes-group-version-kind': { group, version: ofGroup, kind }, parameters };
    return [`/${place}/${namespaced ? 'namespaces/{namespace}/' : ''}${name}/{name}`, { patch }];
  });
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.35.0' }, paths: Object.fromEntries(paths) };
}

function queryParameter(name: string): Fields {
  return { name, in: 'query', schema: { type: 'string', uniqueItems: true } };
}
