import { repositoryComponent } from '../chart/metadata/identity.ts';
import { TaskError } from '../task/outcome.ts';
import type { Given } from '../task/inputs.ts';
import { shown } from '../text/shown.ts';

/** What a reference to a chart names; without tag and digest it is all versions of the chart. */
export interface ChartReference {
  /** Login server, in lower case. */
  readonly registry: string;
  /** Such as `helm/app`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

// A registry's own name; a DNS name label adds a hash to it, a regional endpoint has the region and `geo` after it.
const ACR = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.azurecr\.(?:io|us|cn)$/;
const HOST_PART = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const HOST = new RegExp(`^${HOST_PART}(?:(?:\\.${HOST_PART})+(?::\\d{1,5})?|:\\d{1,5})$`);
const LONGEST_PATH = 255;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * The login server that an input or connection gives, in lower case: with an Azure connection that of an Azure
 * container registry, with a Docker registry connection any host (with a dot or a port, or it would be a path).
 * @param suffix of the login servers of the connection's cloud, which a mere name may lack
 * @throws TaskError when it is something else, such as a URL or the registry's name
 */
export function loginServerOf(value: string, connection: 'azure' | 'docker', suffix = '.azurecr.io'): string {
  const server = value.toLowerCase();
  if (connection === 'azure' ? isAzureLoginServer(server) : HOST.test(server)) return server;
  const example = isBareName(server) ? `${server}${suffix}` : 'contoso.azurecr.io';
  throw new TaskError(
    `The registry is ${shown(value)}, ${loginServerFault(server, connection)}: give its login server ` +
      `(properties.loginServer), such as ${example}.`,
  );
}

/**
 * A push of several charts lists them in its outputs, with commas.
 * @throws TaskError when an input that takes one chart was given such a list
 */
export function checkOneChart({ input, value = '' }: Given<string | undefined>): void {
  const several = value.split(',');
  if (several.length === 1) return;
  throw new TaskError(
    `Input ${input} is ${shown(value)}, a list of ${several.length} as the push of several charts gives it: give one of them. ` +
      'Push the charts in steps of their own, or pick it by the expression split in the variables of a later job ' +
      "($[split(dependencies.<job>.outputs['<step>.<output>'], ',')[0]]).",
  );
}

/** Whether a host, in lower case, is the login server of an Azure container registry. */
export function isAzureLoginServer(host: string): boolean {
  return ACR.test(host);
}

const isBareName = (server: string): boolean => /^[a-z0-9-]+$/.test(server);

function loginServerFault(server: string, connection: 'azure' | 'docker'): string {
  if (server === '') return 'which is empty';
  if (server.includes('://')) return 'which is a URL';
  if (server.includes('/')) return 'which has a path (that belongs to the repository)';
  if (isBareName(server)) return 'which is a name without its suffix';
  return connection === 'azure' ? 'which is no host of Azure Container Registry' : 'which is no host name';
}

/**
 * Takes `oci://contoso.azurecr.io/helm/app:1.2.3@sha256:…` apart; the scheme, the tag and the digest may be missing.
 * A version with `+` in the tag's place is turned to its tag, as Helm does.
 * @throws TaskError when a part is malformed
 */
export function parseChartReference(text: string): ChartReference {
  const parts = /^(?:oci:\/\/)?(?!\w+:\/\/)([^/]+)\/([^:@]+)(?::([^:@]*))?(?:@(.*))?$/.exec(text);
  const [, host = '', path = '', version, digest] = parts ?? [];
  if (!parts) {
    throw new TaskError(
      `${shown(text)} is not a chart reference, such as oci://contoso.azurecr.io/helm/app:1.2.3 or ` +
        'oci://contoso.azurecr.io/helm/app@sha256:….',
    );
  }
  return {
    registry: loginServerOf(host, 'docker'),
    repository: checkRepository(path),
    ...(version === undefined ? {} : { tag: tagOfVersion(version) }),
    ...(digest === undefined ? {} : { digest: checkDigest(digest) }),
  };
}

/**
 * Returns a repository's path, such as `helm/app`, after checking it.
 * @throws TaskError when registries do not allow it
 */
export function checkRepository(path: string): string {
  if (path.length > LONGEST_PATH) {
    throw new TaskError(`The repository ${shown(path)} has more than ${LONGEST_PATH} characters.`);
  }
  if (path.split('/').every((part) => repositoryComponent.test(part))) return path;
  throw new TaskError(
    `The repository ${shown(path)} is not allowed: each part between slashes has lower-case letters and digits, ` +
      'with single ".", "_", "__" or dashes between them.',
  );
}

/** `oci://contoso.azurecr.io/helm/app:1.2.3_b.7`, for version 1.2.3+b.7. */
export function chartReference(registry: string, repository: string, version: string): string {
  return `oci://${registry}/${checkRepository(repository)}:${tagOfVersion(version)}`;
}

/** `oci://contoso.azurecr.io/helm/app@sha256:…`, which no later push can change. */
export function digestReference(registry: string, repository: string, digest: string): string {
  return `oci://${registry}/${checkRepository(repository)}@${checkDigest(digest)}`;
}

/**
 * The tag of a chart version: a tag cannot hold `+`, so every Helm writes `1.2.3+b.7` as `1.2.3_b.7`.
 * @throws TaskError when the version cannot be a tag
 */
export function tagOfVersion(version: string): string {
  const tag = version.replaceAll('+', '_');
  if (TAG.test(tag)) return tag;
  throw new TaskError(
    `The version ${shown(version)} cannot be a tag: use at most 128 letters, digits, ".", "-" and one "+".`,
  );
}

/** The version behind a tag; SemVer has no `_`, so every one stands for `+`. */
export function versionOfTag(tag: string): string {
  return tag.replaceAll('_', '+');
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** @throws TaskError when the text is not `sha256:` and 64 lower-case hex digits */
export function checkDigest(text: string): string {
  if (isDigest(text)) return text;
  throw new TaskError(`The digest is ${shown(text)}: give sha256: and 64 hexadecimal digits in lower case.`);
}
