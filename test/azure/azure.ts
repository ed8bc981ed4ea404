import { rm } from 'node:fs/promises';
import { ApiServer } from './aks/api-server.ts';
import { Cluster, type ClusterSettings } from './aks/cluster.ts';
import type { VendorReleases } from './downloads/vendor-releases.ts';
import type { Organization } from './devops/index.ts';
import { ArcAgent } from './hosts/arc-agent.ts';
import type { InstanceMetadata } from './hosts/instance-metadata.ts';
import type { Job } from './hosts/azure-devops.ts';
import { mirrorHost, type MirrorOptions } from './hosts/download-hosts.ts';
import type { PipelineRuns } from './hosts/pipeline-runs.ts';
import { relayTo } from './hosts/relay.ts';
import { ChartRepository, type RepositoryChart } from './hosts/chart-repository.ts';
import { passwordRegistry } from './hosts/password-registry.ts';
import type { AccessTokens } from './identity/access-tokens.ts';
import type { Identities } from './identity/identities.ts';
import type { SigningKey } from './identity/signing-key.ts';
import type { Fault, FaultHandle, Faults } from './network/faults.ts';
import type { Gate, Gates, Held } from './network/gates.ts';
import type { Hosts } from './network/hosts.ts';
import type { Proxy, ProxyCredentials } from './network/proxy.ts';
import type { RecordedRequest } from './network/request-log.ts';
import type { EmulatedRegistry } from './registry/emulated-registry.ts';
import type { Registry } from './registry/registry.ts';
import type { RegistryBuilder } from './registry/registry-builder.ts';
import type { RegistrySettings, UserPassword } from './registry/settings.ts';

interface AzureParts {
  readonly folder: string;
  readonly caFile: string;
  readonly proxy: Proxy;
  readonly proxyCredentials: ProxyCredentials | undefined;
  readonly hosts: Hosts;
  readonly faults: Faults;
  readonly gates: Gates;
  readonly requests: RecordedRequest[];
  readonly identities: Identities;
  readonly accessTokens: AccessTokens;
  readonly job: Job;
  readonly pipelineRuns: PipelineRuns;
  readonly organization: Organization;
  readonly registryKey: SigningKey;
  readonly registryBuilder: RegistryBuilder;
  readonly registries: Registry[];
  readonly clusters: Cluster[];
  readonly releases: VendorReleases;
  readonly metadata: InstanceMetadata;
}

/** Azure on loopback: everything that runs with `environment` talks to it under Azure's own host names. */
export class Azure {
  readonly #parts: AzureParts;

  /** Use `startAzure`. */
  constructor(parts: AzureParts) {
    this.#parts = parts;
  }

  /** Every request so far, in the order of arrival, also those to hosts that nobody plays. */
  get requests(): readonly RecordedRequest[] {
    return this.#parts.requests;
  }

  /** The applications and managed identities, to which tests add theirs. */
  get identities(): Identities {
    return this.#parts.identities;
  }

  /** Entra's access tokens: their life, and the resources that the tenants do not know. */
  get accessTokens(): AccessTokens {
    return this.#parts.accessTokens;
  }

  /** The pipeline job that Azure DevOps is running. */
  get job(): Job {
    return this.#parts.job;
  }

  /** The runs of the organisation's pipelines, to which tests add theirs. */
  get pipelineRuns(): PipelineRuns {
    return this.#parts.pipelineRuns;
  }

  /** Environments, approvals and variable groups, and runs as pipelines queue them. */
  get organization(): Organization {
    return this.#parts.organization;
  }

  /** The file with the certificate of the authority that signs every host's certificate. */
  get caFile(): string {
    return this.#parts.caFile;
  }

  /** The proxy that leads to the played hosts; carries no user and password. */
  get proxyUrl(): string {
    return `http://127.0.0.1:${this.#parts.proxy.port}`;
  }

  /** The metadata service of the machine under an address on loopback, for clients that bypass the proxy for it. */
  get managedIdentityUrl(): string {
    return this.proxyUrl;
  }

  /** Makes this a server of Azure Arc, whose agent answers at `managedIdentityUrl` and lays its keys into the folder. */
  arcAgent(folder: string): void {
    this.#parts.metadata.arcAgent = new ArcAgent(folder);
  }

  /** Certificate of the key that signs registry tokens, for a docker-registry to trust. */
  get registryTokenCertificate(): string {
    return this.#parts.registryKey.certificate;
  }

  /** What a child process needs in its environment to find its way here: Node, Go and Python programs alike. */
  get environment(): Record<string, string> {
    const { proxyCredentials: credentials, caFile } = this.#parts;
    const url = new URL(this.proxyUrl);
    url.username = encodeURIComponent(credentials?.username ?? '');
    url.password = encodeURIComponent(credentials?.password ?? '');
    const proxy = url.href.replace(/\/$/, '');
    const trust = { NODE_EXTRA_CA_CERTS: caFile, SSL_CERT_FILE: caFile, REQUESTS_CA_BUNDLE: caFile };
    return { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: '', ...trust };
  }

  /** The tools on the vendors' download hosts; there are none until a test publishes some. */
  get releases(): VendorReleases {
    return this.#parts.releases;
  }

  /** Makes a mirror of the vendors' download hosts. */
  mirror(host: string, options: MirrorOptions = {}): void {
    this.#parts.hosts.play(host, mirrorHost(this.releases, options));
  }

  /** Makes a registry, which exists under its login server from now on. */
  registry(loginServer: string, settings: Partial<RegistrySettings> = {}): EmulatedRegistry {
    return this.#open(this.#parts.registryBuilder.emulated(loginServer, settings));
  }

  /** Makes a registry in front of a real docker-registry, whose address is `url`. */
  dockerRegistry(loginServer: string, url: string, settings: Partial<RegistrySettings> = {}): Registry {
    return this.#open(this.#parts.registryBuilder.docker(loginServer, url, settings));
  }

  /** Makes a registry that is none of Azure and takes one user and password, without tokens; nothing is in it. */
  passwordRegistry(host: string, user: UserPassword): void {
    this.#parts.hosts.play(host, passwordRegistry(user));
  }

  /** Makes an AKS cluster, whose API server answers under its public name from now on. */
  cluster(name: string, settings: Partial<ClusterSettings> = {}): Cluster {
    const cluster = new Cluster(name, settings);
    const apiServer = new ApiServer(cluster, this.accessTokens);
    this.#parts.hosts.play(cluster.fqdn, (exchange) => apiServer.handle(exchange), cluster.authority);
    this.#parts.clusters.push(cluster);
    return cluster;
  }

  /** Makes a chart repository of the older kind, at `https://<host>`; with a password it lets in the user `reader`. */
  chartRepository(host: string, charts: readonly RepositoryChart[], password?: string): void {
    const repository = new ChartRepository(charts, password);
    this.#parts.hosts.play(host, (exchange) => repository.handle(exchange));
  }

  /** Leaves a host to a server on a port of the loopback that has a certificate for it, out of reach of faults. */
  leaveHost(host: string, port: number): void {
    this.#parts.hosts.leave(host, port);
  }

  /** Leads a cluster's name to a server on a port of the loopback, which has a certificate of the cluster's authority. */
  relayCluster({ fqdn, authority }: Cluster, port: number): void {
    this.#parts.hosts.replace(fqdn, relayTo(port, authority.certificate));
  }

  /** Makes a host one that cannot be reached, whoever plays it, until the returned function is called. */
  takeAway(host: string): () => void {
    return this.#parts.proxy.takeAway(host);
  }

  /** Sets up a gate, where one request stops while the test does something; the returned function takes it away. */
  gate(gate: Gate): () => void {
    return this.#parts.gates.add(gate);
  }

  /** Holds one request until the test lets it go. */
  hold(gate: Omit<Gate, 'act'> = {}): Held {
    return this.#parts.gates.hold(gate);
  }

  /** Injects a fault into requests to any host. */
  fault(fault: Fault): FaultHandle {
    return this.#parts.faults.inject(fault);
  }

  /** Ends every connection and removes what was written. */
  async close(): Promise<void> {
    await this.#parts.proxy.close();
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  #open<R extends Registry>(registry: R): R {
    this.#parts.hosts.play(registry.loginServer, (exchange) => registry.handle(exchange));
    this.#parts.registries.push(registry);
    return registry;
  }
}
