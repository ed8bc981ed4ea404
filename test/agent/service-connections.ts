/** A service connection as the server hands it to the agent. */
export interface ServiceConnection {
  /** GUID */
  readonly id: string;
  readonly name: string;
  /** `azurerm`, `dockerregistry`, ... */
  readonly type: string;
  readonly url: string;
  /** `WorkloadIdentityFederation`, `ServicePrincipal`, `ManagedServiceIdentity`, `UsernamePassword`, ... */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

const systemConnectionName = 'SystemVssConnection';
const emptyGuid = '00000000-0000-0000-0000-000000000000';

/** Authorization parameters that the real agent does not mask (MaskingUtil). It masks all others, a client id among them. */
const unmaskedParameters = new Set([
  'idtoken',
  'role',
  'scope',
  'tenantid',
  'issuedat',
  'expiresat',
  'audience',
  'authenticationtype',
  'authorizationtype',
  'accesstokentype',
  'accesstokenfetchingmethod',
  'usewindowssecurity',
  'unsecured',
  'oauthaccesstokenissupplied',
  'completecallbackpayload',
  'acceptuntrustedcertificates',
]);

/** Parameters that are masked but give nobody access: a kubeconfig may well hold a client id. */
const identifiers = new Set([
  'serviceprincipalid',
  'username',
  'email',
  'registry',
  'loginserver',
  'workloadidentityfederationissuer',
  'workloadidentityfederationsubject',
]);

/** The connection to Azure DevOps itself, which every task gets. */
export function systemConnection(url: string, accessToken: string): ServiceConnection {
  const parameters = { AccessToken: accessToken };
  return { id: emptyGuid, name: systemConnectionName, type: 'tfs', url, scheme: 'OAuth', parameters, data: {} };
}

/** The values that the agent hides in the log. */
export function maskedValues(connection: ServiceConnection): string[] {
  return Object.entries(connection.parameters)
    .filter(([name]) => !unmaskedParameters.has(name.toLowerCase()))
    .map(([, value]) => value);
}

/** The values that give access, by parameter name: what no log, command line or file may hold. */
export function connectionSecrets(connection: ServiceConnection): Map<string, string> {
  const secrets = Object.entries(connection.parameters).filter(([name]) => {
    const key = name.toLowerCase();
    return key === 'idtoken' || !(unmaskedParameters.has(key) || identifiers.has(key));
  });
  return new Map(secrets.map(([name, value]) => [`${connection.name} ${name}`, value]));
}

/** The `ENDPOINT_*` variables of one connection. The name of a connection is not passed on, as by the real agent. */
export function connectionEnvironment(connection: ServiceConnection): Record<string, string> {
  const system = connection.name === systemConnectionName;
  const key = system ? systemConnectionName.toUpperCase() : connection.id.toLowerCase();
  const { parameters, scheme, data } = connection;
  const environment: Record<string, string> = {
    [`ENDPOINT_URL_${key}`]: connection.url,
    [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
  };
  for (const [name, value] of Object.entries(parameters)) {
    environment[`ENDPOINT_AUTH_PARAMETER_${key}_${name.toUpperCase()}`] = value;
  }
  if (system) return environment;
  environment[`ENDPOINT_DATA_${key}`] = JSON.stringify(data);
  for (const [name, value] of Object.entries(data)) environment[`ENDPOINT_DATA_${key}_${name.toUpperCase()}`] = value;
  return environment;
}
