export { cloudOf, type Cloud } from './clouds.ts';
export { azureCredential, type AzureCredential, type SignInContext } from './credential.ts';
export { aadstsCode, explainSignIn } from './errors.ts';
export { identityOf, type ConnectionIdentity } from './identity.ts';
