export { azureCredential, type AzureCredential, type SignInContext } from './credential.ts';
export { identitySource, sourceForTools } from './identity-source.ts';
export { aadstsCode, explainSignIn } from './errors.ts';
export { cloudOf, identityOf, type Cloud, type ConnectionIdentity } from './identity.ts';
