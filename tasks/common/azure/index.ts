export { azureCredential, type AzureCredential, type SignInContext } from './credential.ts';
export { cloudOf, type Cloud } from './clouds.ts';
export { aadstsCode } from './entra-error.ts';
export { clientOptions, httpSender, type ClientOptions, type NetworkContext } from './http.ts';
export { oidcToken } from './oidc.ts';
