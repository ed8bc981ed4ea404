import { resources, type Resource } from './resources.ts';

/** What the API server says of itself and its resources; undefined for every other address. */
export function discovery(path: string): Record<string, unknown> | undefined {
  if (path === '/version') return version;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  const [, group = '', groupVersion] = /^\/(?:api|apis\/([^/]+))\/(v\w+)$/.exec(path) ?? [];
  const ofVersion = resources.filter((one) => one.group === group && one.version === groupVersion);
  if (groupVersion === undefined || ofVersion.length === 0) return undefined;
  const name = [group, groupVersion].filter(Boolean).join('/');
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: name, resources: ofVersion.map(entry) };
}

const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0',
  gitCommit: '0'.repeat(40),
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};

function groups(): Record<string, unknown>[] {
  const named = resources.filter(({ group }) => group !== '');
  return [...new Map(named.map((one) => [one.group, one.version]))].map(([name, first]) => {
    const preferred = { groupVersion: `${name}/${first}`, version: first };
    return { name, versions: [preferred], preferredVersion: preferred };
  });
}

function entry({ name, kind, namespaced, verbs, shortNames }: Resource): Record<string, unknown> {
  const singularName = kind.toLowerCase();
  return { name, singularName, namespaced, kind, verbs, ...(shortNames && { shortNames }) };
}
