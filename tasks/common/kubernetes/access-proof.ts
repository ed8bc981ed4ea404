import type { ClusterAccess } from './cluster-access.ts';
import type { ExecEntry } from './exec-entry.ts';

/** What a kubeconfig was made of, and how long its proof may take. */
export interface AccessProof {
  readonly access: ClusterAccess;
  readonly exec: ExecEntry | undefined;
  readonly proxyUrl: string | undefined;
  readonly namespace: string;
  readonly seconds: number;
}
