export { azureCredential, type AzureCredential } from './credential.ts';
export type { SignInContext } from './sign-in-context.ts';
export { cloudOf, type Cloud } from './clouds.ts';
export { aadstsCode, explainSignIn } from './entra-error.ts';
export { oidcToken } from './oidc.ts';
