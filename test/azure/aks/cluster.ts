import { createHash, randomBytes } from 'node:crypto';
import { CertificateAuthority, type Credential } from '../certificates/certificate-authority.ts';
import { clouds, type Cloud, type CloudName } from '../clouds.ts';
import { contosoTenant } from '../identity/identities.ts';
import { Controllers } from './controllers/controllers.ts';
import { Objects } from './objects.ts';

export interface ClusterSettings {
  /** The tenant whose tokens the API server accepts. */
  readonly tenantId: string;
  readonly cloud: CloudName;
  readonly resourceGroup: string;
  /** Whether users sign in with Entra; without it everyone gets the same certificate. */
  entra: boolean;
  /** Whether the admin credential may be fetched. */
  localAccounts: boolean;
  /** Whether its credentials name the private address unless the public one is asked for. */
  private: boolean;
  /** What Azure Resource Manager hands out in the place of the kubeconfig, for tests of hostile ones. */
  kubeconfig?: string | undefined;
}

/** What someone without Entra proves themselves with. */
export interface LocalAccount extends Credential {
  readonly token: string;
}

/** One played AKS cluster: what it is, and what lives in it. Its settings are live. */
export class Cluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** The objects that its API server serves. */
  readonly objects = new Objects();
  /** What makes its pods run. */
  readonly controllers = new Controllers(this.objects);
  /** Signs the certificate of the API server and those of local accounts; no one else trusts it. */
  readonly authority = new CertificateAuthority();
  readonly admin: LocalAccount = this.#localAccount('masterclient');

  constructor(name: string, settings: Partial<ClusterSettings> = {}) {
    this.name = name;
    this.settings = {
      tenantId: contosoTenant,
      cloud: 'AzureCloud',
      resourceGroup: 'rg-delivery',
      entra: true,
      localAccounts: true,
      private: false,
      ...settings,
    };
  }

  get cloud(): Cloud {
    return clouds[this.settings.cloud];
  }

  /** Host name of the API server that the whole world can resolve. */
  get fqdn(): string {
    return `${this.#dnsPrefix}.hcp.${this.cloud.kubernetesSuffix}`;
  }

  /** Host name of the API server that only its own network can resolve. */
  get privateFqdn(): string {
    return `${this.#dnsPrefix}.privatelink.${this.cloud.kubernetesSuffix}`;
  }

  get #dnsPrefix(): string {
    const { resourceGroup } = this.settings;
    const hash = createHash('sha256').update(`${resourceGroup}/${this.name}`).digest('hex').slice(0, 8);
    return `${this.name}-dns-${hash}`;
  }

  #localAccount(name: string): LocalAccount {
    return { ...this.authority.clientCredential(name), token: randomBytes(64).toString('hex') };
  }
}
