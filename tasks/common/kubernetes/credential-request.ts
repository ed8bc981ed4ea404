/** Which credential of which cluster. */
export interface CredentialRequest {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly cluster: string;
  /** The cluster's local administrator instead of the connection's own identity. */
  readonly admin: boolean;
  /** Which of the API server's names the kubeconfig is to have; undefined leaves it to the cluster. */
  readonly serverFqdn: 'public' | 'private' | undefined;
}
