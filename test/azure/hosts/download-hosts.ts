import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VendorReleases } from '../downloads/vendor-releases.ts';
import type { Exchange, Handler } from '../network/exchange.ts';
import { sendFile } from '../registry/byte-range.ts';

const [kubernetesHost, kubernetesEdge] = ['dl.k8s.io', 'cdn.dl.k8s.io'];
const [gitHub, gitHubAssets] = ['github.com', 'release-assets.githubusercontent.com'];

/** Plays the hosts from which vendors give out their tools, with the redirects that each is known for. */
export function downloadHosts(releases: VendorReleases): ReadonlyMap<string, Handler> {
  const assets = new Map<string, string>();
  return new Map<string, Handler>([
    ['get.helm.sh', (exchange) => sendRelease(exchange, releases, exchange.path)],
    [kubernetesHost, (exchange) => exchange.send(302, { Location: `https://${kubernetesEdge}${exchange.path}` })],
    [kubernetesEdge, (exchange) => sendRelease(exchange, releases, exchange.path)],
    [gitHub, (exchange) => redirectToAsset(exchange, releases, assets)],
    [gitHubAssets, (exchange) => sendAsset(exchange, releases, assets)],
  ]);
}

export interface MirrorOptions {
  /** Path under which it keeps the vendors' paths. */
  readonly base?: string;
  /** Demanded from every client if given, as `user:password`. */
  readonly credentials?: string;
  /** Address to which it redirects every request, with the vendor's path behind it; it keeps files under /store itself. */
  readonly movedTo?: string;
}

/** Plays an in-house mirror of all vendors. */
export function mirrorHost(releases: VendorReleases, { base = '', credentials, movedTo }: MirrorOptions): Handler {
  const expected = credentials && Buffer.from(credentials).toString('base64');
  return async (exchange) => {
    if (expected !== undefined && exchange.authorization('Basic') !== expected) {
      return exchange.send(401, { 'WWW-Authenticate': 'Basic realm="mirror"' });
    }
    const place = movedTo !== undefined && exchange.path.startsWith('/store/') ? '/store' : base;
    if (!exchange.path.startsWith(`${place}/`)) return exchange.send(404, {});
    const file = exchange.path.slice(place.length);
    if (movedTo !== undefined && place === base) return exchange.send(302, { Location: movedTo + file });
    await sendRelease(exchange, releases, file);
  };
}

/** Releases lie on another host, under a signed address of their own; `latest` is one redirect more. */
async function redirectToAsset(
  exchange: Exchange,
  releases: VendorReleases,
  assets: Map<string, string>,
): Promise<void> {
  const latest = /^(\/[^/]+\/[^/]+)\/releases\/latest\/download(\/[^/]+)$/.exec(exchange.path);
  const [, repository = '', asked = ''] = latest ?? [];
  const newest = releases.newestIn(repository);
  if (newest !== undefined) {
    const Location = `https://${gitHub}${repository}/releases/download/v${newest}${asked}`;
    return exchange.send(302, { Location });
  }
  if (!(await isFile(join(releases.folder, exchange.path)))) return exchange.send(404, {}, 'Not Found');
  const path = `/github-production-release-asset/133743134/${randomUUID()}`;
  assets.set(path, exchange.path);
  await exchange.send(302, { Location: `https://${gitHubAssets}${path}?sp=r&sv=2018-11-09&sr=b&sig=${randomUUID()}` });
}

async function sendAsset(exchange: Exchange, releases: VendorReleases, assets: Map<string, string>): Promise<void> {
  const path = assets.get(exchange.path);
  // The signature in the address is the authorization; storage takes a second one for a mistake.
  if (path === undefined || exchange.header('authorization') !== undefined) return exchange.send(403, {});
  await sendRelease(exchange, releases, path);
}

async function sendRelease(exchange: Exchange, releases: VendorReleases, path: string): Promise<void> {
  const file = join(releases.folder, path);
  if (await isFile(file)) return sendFile(exchange, file, {});
  const code = '<?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code></Error>';
  await exchange.send(404, { 'Content-Type': 'application/xml' }, code);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
