/** How one cluster is reached and by whom: what a kubeconfig of Azure Resource Manager says, checked. */
export interface ClusterAccess {
  /** Name of the cluster's entry. */
  readonly cluster: string;
  /** Name of the user's entry. */
  readonly userName: string;
  /** Address of the API server as it was given, such as `https://contoso-dns-1a2b3c4d.hcp.eastus.azmk8s.io:443`. */
  readonly server: string;
  /** PEM of the authority that signs the API server's certificate. */
  readonly certificateAuthority: string;
  readonly user: LocalUser | EntraUser;
}

/** Someone whom the cluster itself knows: a client certificate, a token or both. */
export interface LocalUser {
  readonly kind: 'local';
  /** Certificate and private key, as PEM. */
  readonly certificate: { readonly pem: string; readonly key: string } | undefined;
  readonly token: string | undefined;
}

/** Someone who gets a token from Entra ID. */
export interface EntraUser {
  readonly kind: 'entra';
  /** The application that stands for the API servers of AKS. */
  readonly serverId: string;
  /** The tenant whose tokens the cluster accepts. */
  readonly tenantId: string | undefined;
}
