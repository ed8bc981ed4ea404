export { azureCredential, type AzureCredential } from './credential.ts';
export type { SignInContext } from './sign-in-context.ts';
export { cloudOf, type Cloud } from './clouds.ts';
export { aadstsCode, explainSignIn } from './entra-error.ts';
export { clientOptions, httpSender, type ClientOptions, type NetworkContext } from '../network/index.ts';
export { oidcToken } from './oidc.ts';
