export type { ClusterAccess } from './cluster-access.ts';
export { execEntry, type ExecEntry } from './exec-entry.ts';
export { fetchKubeconfig, type CredentialRequest } from './fetch-kubeconfig.ts';
export { kubeconfigText } from './kubeconfig.ts';
export { programPath } from './program-path.ts';
export { readKubeconfig } from './read-kubeconfig.ts';
export { kubeloginSignIn } from './sign-in.ts';
export { verifyAccess } from './verify-access.ts';
