import { cloudOf } from '../azure/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { loginServerOf } from './reference.ts';

/** The inputs that say which registry, and as whom. */
export interface RegistryInputs {
  readonly azureSubscription: string | undefined;
  readonly containerRegistry: string | undefined;
  /** The login server that gets the sign-in: the pipeline's author names it, never a file or an output of another step. */
  readonly registry: Given<string | undefined>;
}

/** The login server in a reference, which may come from anywhere, and the input that holds the reference. */
export interface Referred {
  readonly input: string;
  readonly loginServer: string;
  /**
   * Set where the reference may name the registry by itself, if no input does: one of Azure in the cloud of an Azure
   * connection. Its token exchange is Microsoft's, so that whoever owns the registry sees no token of ours. A password
   * stays with the registry of its connection all the same.
   */
  readonly mayName?: 'registry of Azure';
}

/** The one connection that the inputs name. */
export interface ChosenConnection {
  readonly kind: 'azure' | 'docker';
  readonly service: ServiceConnection;
}

/** @throws TaskError unless exactly one connection is given. */
export function chosenConnection(
  { azureSubscription, containerRegistry }: RegistryInputs,
  context: { connection(id: string, input: string): ServiceConnection },
): ChosenConnection {
  if (azureSubscription !== undefined && containerRegistry === undefined) {
    return { kind: 'azure', service: context.connection(azureSubscription, 'azureSubscription') };
  }
  if (containerRegistry !== undefined && azureSubscription === undefined) {
    return { kind: 'docker', service: context.connection(containerRegistry, 'containerRegistry') };
  }
  throw new TaskError(
    'Give exactly one of the inputs azureSubscription (an Azure Resource Manager connection) and ' +
      `containerRegistry (a Docker registry connection); ${azureSubscription === undefined ? 'none' : 'both'} are set.`,
  );
}

/**
 * The login server that the pipeline names, by an input or by a Docker registry connection. Such a connection is for one
 * registry alone: its password must not reach another one.
 * @throws TaskError when nothing names a registry, or the inputs, the connection and a reference do not agree.
 */
export function chosenRegistry(
  { registry }: Pick<RegistryInputs, 'registry'>,
  { kind, service }: ChosenConnection,
  referred?: Referred,
): string {
  const own = kind === 'docker' ? registryOf(service) : undefined;
  const byReference = kind === 'azure' && referred?.mayName !== undefined ? referred.loginServer : undefined;
  const named = registry.value ?? own ?? byReference;
  if (named === undefined) throw unnamed(registry.input, referred);
  const loginServer = loginServerOf(named, kind, kind === 'azure' ? cloudOf(service).registrySuffix : undefined);
  if (own !== undefined && own.toLowerCase() !== loginServer) throw forAnother(own, loginServer);
  if (referred === undefined || referred.loginServer === loginServer) return loginServer;
  if (registry.value === undefined) throw forAnother(loginServer, referred.loginServer);
  throw new TaskError(
    `Input ${referred.input} names the registry ${referred.loginServer}, input ${registry.input} ${loginServer}, and only the ` +
      'latter gets the sign-in: correct one of them, or find out where the reference comes from.',
  );
}

/**
 * The login server that is asked without a sign-in. Nothing of ours goes there, so that a reference may name it, too.
 * @throws TaskError when nothing names a registry, or input and reference do not agree.
 */
export function publicRegistry({ registry }: Pick<RegistryInputs, 'registry'>, referred?: Referred): string {
  const named = registry.value ?? referred?.loginServer;
  if (named === undefined) throw unnamed(registry.input, undefined);
  const loginServer = loginServerOf(named, 'docker');
  if (referred === undefined || referred.loginServer === loginServer) return loginServer;
  throw new TaskError(
    `Input ${referred.input} names the registry ${referred.loginServer}, input ${registry.input} ${loginServer}: leave one ` +
      'of them out, or correct it.',
  );
}

function forAnother(own: string, wanted: string): TaskError {
  return new TaskError(
    `The Docker registry connection is for ${own}, not for ${wanted} as the inputs say; ` +
      'use a connection of that registry, or leave the registry to the connection.',
  );
}

function unnamed(input: string, referred: Referred | undefined): TaskError {
  if (referred === undefined) {
    return new TaskError(`Input ${input} is empty; give the login server of the registry, such as contoso.azurecr.io.`);
  }
  return new TaskError(
    `Input ${input} is empty, and a reference (${referred.input}) does not decide which registry gets the sign-in: if ` +
      `this one may, add the line '${input}: ${referred.loginServer}' to the inputs.`,
  );
}

/** A Docker registry connection knows its registry; those made for ACR call it loginServer. Undefined for other connections. */
export function registryOf(service: ServiceConnection): string | undefined {
  const address = service.parameter('loginServer') ?? service.parameter('registry');
  if (address === undefined) return undefined;
  // The connection's editor asks for an address such as https://contoso.azurecr.io or https://index.docker.io/v1/.
  const whole = address.includes('://') ? address : `https://${address}`;
  return URL.canParse(whole) ? new URL(whole).host : address;
}
