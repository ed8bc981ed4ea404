import { posix } from 'node:path';
import { TaskError } from '../task/outcome.ts';
import type { Asset, ToolName } from './definitions.ts';
import { type Fetch, fetchText } from './download.ts';
import type { Platform } from './platform.ts';
import { shortened } from '../text/shown.ts';

/** The version that is installed unless another is asked for. */
export interface PinnedRelease {
  readonly version: string;
  /**
   * SHA-256 of the vendor's file for each platform, in hex. For a platform that is not listed the vendor's checksum file
   * decides.
   */
  readonly sha256: Readonly<Partial<Record<`${Platform['os']}-${Platform['cpu']}`, string>>>;
}

export type PinnedReleases = Readonly<Record<ToolName, PinnedRelease>>;

export const pinnedReleases: PinnedReleases = {
  // From the notes of the release.
  helm: {
    version: '4.1.4',
    sha256: {
      'linux-x64': '70b2c30a19da4db264dfd68c8a3664e05093a361cefd89572ffb36f8abfa3d09',
      'linux-arm64': '13d03672be289045d2ff00e4e345d61de1c6f21c1257a45955a30e8ae036d8f1',
      'darwin-x64': 'abf09c8503ad1d8ef76d3737a058c3456a998aae5f5966fce4bb3031aeb1654e',
      'darwin-arm64': '7c2eca678e8001fa863cdf8cbf6ac1b3799f9404a89eb55c08260ef5732e658d',
      'windows-x64': 'bd60f567f667631a2c9b698dfabe5e3cd52eaaf4264163c0a9cae566db8560e8',
      'windows-arm64': 'd0a651026da4a26b28bdfc3d455ce3dfacbc267182dc2225c2172b1dcc549643',
    },
  },
  // As other projects pin them; for Windows from the manifest in microsoft/winget-pkgs.
  kubectl: {
    version: '1.36.3',
    sha256: {
      'linux-x64': 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
      'linux-arm64': '3d86f24401c41ae5a46ac50eef8865fe891d3647d324a0836f6c63757a126e62',
      'darwin-x64': '158b3b46cf74e8b6bd9b1d7cd30f665e3efb2bc1ec3c843ec925bcfdd2930de0',
      'darwin-arm64': 'fc8582acde13869a606730a79379d6515f30c68afcced0b5ac8789d5d002b7d6',
      'windows-x64': 'ba76657b79d0ebcc3c029c171fc83c96351ba5ce0e71d185f1e5b8b873360a5f',
      'windows-arm64': '883d4b060cff6d95df9c80a5c13e4fc8da473af0d03f3b2fa407ee8d0810a9d6',
    },
  },
  // No two public sources agree on its checksums yet, so the vendor's files decide.
  kubelogin: { version: '0.2.22', sha256: {} },
  // As two projects and more pin them; the vendor's file decides where only one does.
  kyverno: {
    version: '1.19.1',
    sha256: {
      'linux-x64': 'b38228f367fc0fdc2b08f4c83ea50ac5f16c60ff8d62d76a66157c33c47b70ae',
      'linux-arm64': 'd78fecd183e1e6749c653fdb744c88d065e6737ec6856c97c4efac84bec54554',
      'darwin-x64': 'd9d7a857755ccd027cba8b2a5146a515c1590d65b38cb37a2170809329e4f393',
      'darwin-arm64': '2cf5febbedaafca5d3c7819925a49f9723bf4c3337a1327b6f72970480af385a',
    },
  },
  gator: {
    version: '3.23.1',
    sha256: {
      'linux-x64': 'c268d7b809c9fe59a110ab0bf7c296ab00b0b6c894c209cd15e94194590291bb',
      'linux-arm64': '2d4bd0e28e708c2893a66fdca652f1d775b23fc5a3c07571fd314ba06d19ff2b',
    },
  },
};

/**
 * The SHA-256 of an asset, in hex, from the checksum file beside it.
 * @throws TaskError when there is no such file or it holds no checksum of this asset: without one nothing is installed.
 */
export async function publishedChecksum(asset: Asset, from: Omit<Fetch, 'path'>): Promise<string> {
  const text = await fetchText({ ...from, path: asset.checksumPath });
  if (text === undefined) {
    throw new TaskError(
      `${from.source.name} has no ${asset.checksumPath}, and without a checksum nothing is installed: check that this ` +
        `version exists for this platform${from.source.isMirror ? " and that the mirror keeps the vendor's paths and checksum files" : ''}.`,
    );
  }
  const checksum = checksumIn(text, posix.basename(asset.path));
  if (checksum !== undefined) return checksum;
  throw new TaskError(
    `${asset.checksumPath} from ${from.source.name} holds no SHA-256 of ${posix.basename(asset.path)} but ` +
      `'${shortened(text.trim(), 60)}', and without a checksum nothing is installed; is it a sign-in page?`,
  );
}

/** Either nothing but the checksum, or lines as sha256sum writes them: checksum, space, space or star, file name. */
function checksumIn(text: string, file: string): string | undefined {
  const lines = text.trim().split(/\r?\n/);
  const entries = lines.map((line) => /^([0-9a-f]{64})(?:[ \t]+\*?(\S+))?$/i.exec(line.trim()));
  const named = entries.find((entry) => entry?.[2] !== undefined && posix.basename(entry[2]) === file);
  const bare = lines.length === 1 && entries[0]?.[2] === undefined ? entries[0] : undefined;
  return (named ?? bare)?.[1]?.toLowerCase();
}
