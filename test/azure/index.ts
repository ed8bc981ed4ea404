import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from './aks/cluster.ts';
import { Azure } from './azure.ts';
import { clouds } from './clouds.ts';
import { answerMember, Organization } from './devops/index.ts';
import { ArtifactHosts } from './hosts/artifact-hosts.ts';
import { VendorReleases } from './downloads/vendor-releases.ts';
import { AzureDevOps, Job } from './hosts/azure-devops.ts';
import { BlobStorage } from './hosts/blob-storage.ts';
import { Builds } from './hosts/dev-azure-builds.ts';
import { downloadHosts } from './hosts/download-hosts.ts';
import { Entra } from './hosts/entra.ts';
import { InstanceMetadata, metadataHost } from './hosts/instance-metadata.ts';
import { PipelineRuns } from './hosts/pipeline-runs.ts';
import { ResourceManager } from './hosts/resource-manager.ts';
import { AccessTokens } from './identity/access-tokens.ts';
import { ClientAuthentication } from './identity/client-authentication.ts';
import { Identities } from './identity/identities.ts';
import { SigningKey } from './identity/signing-key.ts';
import { CertificateAuthority } from './certificates/certificate-authority.ts';
import { Faults } from './network/faults.ts';
import { Gates } from './network/gates.ts';
import { Hosts } from './network/hosts.ts';
import { Proxy, type ProxyCredentials } from './network/proxy.ts';
import type { RecordedRequest } from './network/request-log.ts';
import type { Registry } from './registry/registry.ts';
import { RegistryBuilder } from './registry/registry-builder.ts';

export type { Cluster, ClusterSettings } from './aks/cluster.ts';
export { behaviourAnnotation, releaseAnnotation, type Behaviour } from './aks/controllers/behaviour.ts';
export type { KubernetesObject } from './aks/objects.ts';
export type { Azure } from './azure.ts';
export type { Fault, FaultHandle, FaultKind } from './network/faults.ts';
export type { Gate, Held } from './network/gates.ts';
export type { RecordedRequest } from './network/request-log.ts';
export type { CloudName } from './clouds.ts';
export type { Identity, IdentityKind, RoleAssignment } from './identity/identities.ts';
export { kubernetesAudience } from './identity/access-tokens.ts';
export { contosoTenant } from './identity/identities.ts';
export { createClientCertificate } from './identity/client-certificate.ts';
export type { PipelineRuns, PlayedArtifact, PlayedRun } from './hosts/pipeline-runs.ts';
export { subscriptionId } from './hosts/resource-manager.ts';
export type { Release, VendorReleases } from './downloads/vendor-releases.ts';
export type { Registry } from './registry/registry.ts';
export type { EmulatedRegistry } from './registry/emulated-registry.ts';
export type { RegistrySettings } from './registry/settings.ts';

export interface AzureOptions {
  /** User and password that the proxy demands from every client. */
  readonly proxyCredentials?: ProxyCredentials;
  /** How long a round trip takes in this network, in ms: opening a tunnel, the TLS handshake and each request pay one. */
  readonly roundTripMs?: number;
}

/** Starts Azure on loopback, with ports, keys and files of its own. The caller closes it. */
export async function startAzure(options: AzureOptions = {}): Promise<Azure> {
  const authority = new CertificateAuthority();
  const entraKey = new SigningKey('Entra on loopback');
  const registryKey = new SigningKey('Azure Container Registry on loopback');
  const folder = await mkdtemp(join(tmpdir(), 'azure-on-loopback-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, authority.certificate);
  const identities = new Identities();
  const accessTokens = new AccessTokens(entraKey, identities);
  const blobStorage = new BlobStorage();
  const job = new Job();
  const pipelineRuns = new PipelineRuns();
  const organization = new Organization(job, pipelineRuns);
  const [faults, gates] = [new Faults(), new Gates()];
  const [registries, requests]: [Registry[], RecordedRequest[]] = [[], []];
  const clusters: Cluster[] = [];
  const metadata = new InstanceMetadata(identities, accessTokens);
  const hosts = playHosts({
    metadata,
    identities,
    accessTokens,
    entraKey,
    job,
    pipelineRuns,
    organization,
    blobStorage,
    registries,
    clusters,
  });
  const releases = new VendorReleases(folder);
  for (const [host, handler] of downloadHosts(releases)) hosts.play(host, handler);
  const { proxyCredentials } = options;
  const ownHost = metadataHost;
  const { roundTripMs = 0 } = options;
  const network = { hosts, authority, requests, faults, gates, credentials: proxyCredentials, ownHost, roundTripMs };
  const proxy = await Proxy.start(network);
  const surroundings = { folder, identities, accessTokens, key: registryKey, faults, blobStorage };
  const registryBuilder = new RegistryBuilder(surroundings);
  const cast = {
    hosts,
    faults,
    gates,
    requests,
    identities,
    accessTokens,
    job,
    pipelineRuns,
    organization,
    registryKey,
    registryBuilder,
  };
  return new Azure({ folder, caFile, proxy, proxyCredentials, registries, clusters, releases, metadata, ...cast });
}

interface Cast {
  readonly metadata: InstanceMetadata;
  readonly identities: Identities;
  readonly accessTokens: AccessTokens;
  readonly entraKey: SigningKey;
  readonly job: Job;
  readonly pipelineRuns: PipelineRuns;
  readonly organization: Organization;
  readonly blobStorage: BlobStorage;
  readonly registries: readonly Registry[];
  readonly clusters: readonly Cluster[];
}

/** Every host but the registries and API servers, which come as tests make them. */
function playHosts(cast: Cast): Hosts {
  const { identities, accessTokens, entraKey: key, job, pipelineRuns, blobStorage } = cast;
  const hosts = new Hosts();
  const artifacts = new ArtifactHosts(job.accessToken);
  const builds = new Builds(pipelineRuns, artifacts, job.organizationUri);
  const devOps = new AzureDevOps(job, identities, key, builds, (exchange, token) =>
    answerMember(exchange, token, cast),
  );
  hosts.play(new URL(job.organizationUri).hostname, (exchange) => devOps.handle(exchange));
  // Identities have a host of their own.
  hosts.play('vssps.dev.azure.com', (exchange) => devOps.handle(exchange));
  hosts.play(artifacts.artifactHost, (exchange) => artifacts.handleArtifact(exchange));
  hosts.play(artifacts.storageHost, (exchange) => artifacts.handleStorage(exchange));
  hosts.play(metadataHost, (exchange) => cast.metadata.handle(exchange));
  const clientAuthentication = new ClientAuthentication(identities, key);
  for (const cloud of Object.values(clouds)) {
    const entra = new Entra({ cloud, identities, clientAuthentication, accessTokens, key });
    hosts.play(cloud.authority, (exchange) => entra.handle(exchange));
    const manager = new ResourceManager({
      cloud,
      accessTokens,
      registries: () => cast.registries,
      clusters: () => cast.clusters,
    });
    hosts.play(cloud.resourceManager, (exchange) => manager.handle(exchange));
    hosts.play(blobStorage.hostFor(cloud), (exchange) => blobStorage.handle(exchange));
  }
  return hosts;
}
