import { isMapping } from '../common/go/mapping.ts';
import { TaskError } from '../common/task/outcome.ts';

/** A login in a client's config file, by registry. */
export interface ClientLogin {
  /** Login server, in lower case. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** What docker keeps in its config.json, and helm and podman in files of the same form. */
export interface ClientConfig {
  /** Logins by registry; an empty one where a program keeps it. */
  readonly auths: ReadonlyMap<string, unknown>;
  /** Programs that keep the login of a registry, `docker-credential-<name>`. */
  readonly credHelpers: ReadonlyMap<string, unknown>;
  /** The program that keeps all the others. */
  readonly credsStore: string | undefined;
  /** Everything else, as it is. */
  readonly rest: ReadonlyMap<string, unknown>;
}

export const emptyConfig: ClientConfig = {
  auths: new Map(),
  credHelpers: new Map(),
  credsStore: undefined,
  rest: new Map(),
};

/**
 * @param file is named in the message, its content never is
 * @throws TaskError when the text is none that docker can read
 */
export function readConfig(text: string, file: string): ClientConfig {
  if (text.trim() === '') return emptyConfig;
  const content = parsed(text);
  if (!isMapping(content)) throw unreadable(file, 'is no JSON object');
  const fields = new Map(Object.entries(content));
  const taken = (name: string): unknown => {
    // Go takes the name of a field in any case (encoding/json).
    const [key = name] = [...fields.keys()].filter((each) => each.toLowerCase() === name.toLowerCase());
    const value = fields.get(key);
    fields.delete(key);
    return value ?? undefined;
  };
  const mapping = (name: string): Map<string, unknown> => {
    const value = taken(name) ?? {};
    if (!isMapping(value)) throw unreadable(file, `has a field ${name} that is no JSON object`);
    return new Map(Object.entries(value));
  };
  const [auths, credHelpers, credsStore] = [mapping('auths'), mapping('credHelpers'), taken('credsStore')];
  if (credsStore !== undefined && typeof credsStore !== 'string') {
    throw unreadable(file, 'has a field credsStore that is no text');
  }
  return { auths, credHelpers, credsStore: credsStore || undefined, rest: fields };
}

/** Undefined for what is no JSON: the parser's own message would show a part of the file, which holds passwords. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(file: string, fault: string): TaskError {
  return new TaskError(
    `${file} ${fault}, so that its logins would be lost for this job: correct it (docker writes it at 'docker login'), or remove it.`,
  );
}

/**
 * A config in which the logins of `over` count before those of `under`, for clients that look into both files. What is
 * neither login nor program is of `over` alone.
 */
export function layered(over: ClientConfig, under: ClientConfig): ClientConfig {
  const [first, second] = [withoutStore(over), withoutStore(under)];
  const kept = [...second.auths].filter(([key]) => !first.credHelpers.has(key));
  const helpers = [...second.credHelpers].filter(([key]) => !first.auths.has(key));
  return {
    auths: new Map([...kept, ...first.auths]),
    credHelpers: new Map([...helpers, ...first.credHelpers]),
    credsStore: undefined,
    rest: over.rest,
  };
}

/**
 * The config without a program for all registries, which would be asked for ours, too, and not find it: docker looks
 * into `auths` only where there is no program (docker/cli, cli/config/configfile/file.go), and so does oras. The program
 * goes on for the registries that have an empty login in the file, as docker leaves one for each that it has given away.
 */
export function withoutStore(config: ClientConfig): ClientConfig {
  const { auths, credHelpers, credsStore } = config;
  if (credsStore === undefined) return config;
  const kept = storedIn(config).map((registry): [string, unknown] => [registry, credsStore]);
  return { auths, credHelpers: new Map([...kept, ...credHelpers]), credsStore: undefined, rest: config.rest };
}

/** The registries whose login the program for all registries keeps, as far as the file tells. */
export function storedIn({ auths, credHelpers, credsStore }: ClientConfig): string[] {
  if (credsStore === undefined) return [];
  return [...auths].flatMap(([registry, login]) => (hasSecret(login) || credHelpers.has(registry) ? [] : [registry]));
}

/** Whether a password stands in the file itself. */
export function holdsSecrets({ auths }: ClientConfig): boolean {
  return [...auths.values()].some(hasSecret);
}

function hasSecret(login: unknown): boolean {
  const fields = ['auth', 'password', 'identitytoken', 'registrytoken'];
  return isMapping(login) && fields.some((field) => Boolean(login[field]));
}

/** The text of the config with these logins, which count before whatever it says of the same registries. */
export function configText(config: ClientConfig, logins: readonly ClientLogin[]): string {
  const { auths, credHelpers, rest } = withoutStore(config);
  const ours = new Set(logins.map(({ registry }) => hostOf(registry)));
  const others = <Value>(entries: ReadonlyMap<string, Value>): [string, Value][] =>
    [...entries].filter(([key]) => !ours.has(hostOf(key)));
  const helpers = others(credHelpers);
  return JSON.stringify({
    ...Object.fromEntries(rest),
    auths: Object.fromEntries([...others(auths), ...logins.map(entryOf)]),
    ...(helpers.length > 0 && { credHelpers: Object.fromEntries(helpers) }),
  });
}

/** docker and helm look for the login of Docker Hub under this address (docker/cli, registry.IndexServer). */
const dockerHub = 'https://index.docker.io/v1/';
const dockerHubHosts = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** As user and password, which all clients know; podman and buildah do not take a token without a user. */
function entryOf({ registry, username, password }: ClientLogin): [string, { auth: string }] {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  return [dockerHubHosts.has(registry) ? dockerHub : registry, { auth }];
}

/**
 * The registry that a key means: a host, or an address, as older clients wrote it. A part of a registry, as podman knows
 * it (`contoso.azurecr.io/team`), is none.
 */
function hostOf(key: string): string {
  const plain = key
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/(?:v[12]\/?)?$/, '');
  return dockerHubHosts.has(plain) ? 'docker.io' : plain;
}
