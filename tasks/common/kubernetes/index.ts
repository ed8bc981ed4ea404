export type { ClusterAccess } from './cluster-access.ts';
export { execEntry, type ExecEntry } from './exec-entry.ts';
export type { CredentialRequest } from './credential-request.ts';
export { fetchKubeconfig } from './fetch-kubeconfig.ts';
export { kubeconfigText } from './kubeconfig.ts';
export { programPath } from './program-path.ts';
export { readKubeconfig } from './read-kubeconfig.ts';
export { kubeloginSignIn } from './sign-in.ts';
export { verifyAccess } from './verify-access.ts';
