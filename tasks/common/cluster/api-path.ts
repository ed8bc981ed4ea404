/** What a request to an API server is about, as roles speak of it. */
export interface ApiAction {
  /** As in a role of Kubernetes: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** With a subresource, such as `pods/log`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/**
 * Reads an address such as `/apis/apps/v1/namespaces/web/deployments/shop?watch=true`; undefined for one that names no
 * resource, such as `/version`.
 */
export function actionOf(method: string, address: string): ApiAction | undefined {
  const [path = '', query = ''] = address.split('?');
  const parts = path.split('/').slice(1).map(plain);
  const [group, rest] = parts[0] === 'api' ? ['', parts.slice(2)] : [parts[1] ?? '', parts.slice(3)];
  if (!/^apis?$/.test(parts[0] ?? '')) return undefined;
  // A namespace is a resource itself where nothing follows its name.
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [resource, name, subresource] = namespace === undefined ? rest : rest.slice(2);
  if (resource === undefined || resource === '') return undefined;
  const reads = new URLSearchParams(query).get('watch') === 'true' ? 'watch' : name === undefined ? 'list' : 'get';
  return {
    verb: verbs[method] ?? reads,
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
  };
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
