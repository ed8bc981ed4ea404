import { chosenConnection, type ChosenConnection, openRegistryAs, type ProvenLogin } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import { filledLines } from '../common/text/lines.ts';
import { visible } from '../common/text/shown.ts';
import { type ClientConfig, type ClientLogin, emptyConfig, layered, storedIn } from './client-config.ts';
import { foundConfig } from './found-config.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { clientPlaces, type ClientPlaces } from './places.ts';
import { type ClientConfigs, linkBesides, writeClientFiles } from './write-files.ts';

/** Leaves logins to registries for docker, buildah, helm and oras of the later steps of the job. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const places = clientPlaces(context);
  const registries = namedRegistries(inputs);
  const connection = chosenConnection(registryInputs(inputs, undefined), context);
  const configs = await foundConfigs(places, context);
  tellOfStore(configs.docker, places, context);
  const logins = await Promise.all(registries.map((registry) => signIn(registry, inputs, connection, context)));
  const files = await writeClientFiles(configs, logins, context.jobFolder());
  await linkBesides(places.dockerFolder, files.dockerFolder);
  context.setOutput('dockerConfigPath', files.dockerFile);
  context.setPathVariable('DOCKER_CONFIG', files.dockerFolder);
  context.setPathVariable('HELM_REGISTRY_CONFIG', files.helmFile);
  context.setPathVariable('REGISTRY_AUTH_FILE', files.containersFile);
  return summary(logins);
}

const registryInputs = ({ azureSubscription, containerRegistry }: Inputs, registry: string | undefined) => ({
  azureSubscription,
  containerRegistry,
  registry: { input: 'registry', value: registry },
});

/** One a line; the connection's own, where it has one. @throws TaskError when nothing names a registry */
function namedRegistries({ registry, containerRegistry }: Inputs): (string | undefined)[] {
  const lines = filledLines(registry ?? '').map((line) => line.toLowerCase());
  if (lines.length > 0) return [...new Set(lines)];
  if (containerRegistry !== undefined) return [undefined];
  throw new TaskError(
    'Input registry is empty; give the login servers of the registries, such as contoso.azurecr.io, one a line.',
  );
}

type Login = ClientLogin & ProvenLogin;

async function signIn(
  registry: string | undefined,
  inputs: Inputs,
  connection: ChosenConnection,
  context: TaskContext<Output>,
): Promise<Login> {
  const opened = openRegistryAs(connection, registryInputs(inputs, registry).registry, context);
  const login = await opened.provenLogin();
  context.maskSecret(`${login.username}:${login.password}`);
  if (!login.isProven) {
    context.log.info(
      `${opened.loginServer} gives tokens at another host or to everybody, so user and password were not tried out here.`,
    );
  }
  return { registry: opened.loginServer, ...login };
}

/** What the clients of this job have already. A file that several of them read is told of once. */
async function foundConfigs(places: ClientPlaces, context: TaskContext<Output>): Promise<ClientConfigs> {
  const known = new Map<string, Promise<ClientConfig>>();
  const found = (file: string): Promise<ClientConfig> => {
    const config = known.get(file) ?? foundConfig(file, context.log);
    known.set(file, config);
    return config;
  };
  const docker = await found(places.dockerFile);
  const helm = await found(places.helmFile);
  let containers = places.containersReadDocker ? docker : emptyConfig;
  for (const file of places.containersFiles.toReversed()) containers = layered(await found(file), containers);
  return { docker, helm, containers };
}

/** A program that keeps logins for whatever registry it is asked for is asked for fewer ones from now on. */
function tellOfStore(config: ClientConfig, { dockerFile }: ClientPlaces, { log }: TaskContext<Output>): void {
  if (config.credsStore === undefined) return;
  const registries = storedIn(config);
  const told = `The credsStore of ${dockerFile} would hide this login, so in this job it is asked `;
  if (registries.length > 0) log.info(`${told}for these registries alone: ${visible(registries.join(', '), 500)}.`);
  else log.warning(`${told}for none: the file names no registry that it is for. Name them there as credHelpers.`);
}

function summary(logins: readonly Login[]): string {
  const [first] = logins.flatMap(({ expires }) => expires ?? []).sort((a, b) => a.getTime() - b.getTime());
  const until = first === undefined ? '' : ` until ${first.toISOString().slice(11, 16)} UTC`;
  const names = logins.map(({ registry }) => registry).join(', ');
  return `docker, buildah, helm and oras of this job now use ${names} with the service connection${until}.`;
}
