import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packRelease } from './release-archive.ts';
import { layouts, type Build, type VendorTool } from './vendor-layout.ts';

export interface Release {
  readonly tool: VendorTool;
  /** Without `v`. */
  readonly version: string;
  /** The executable to publish. */
  readonly executable: string;
  /** What it is published as a build for; Linux on this machine's kind of CPU when absent. */
  readonly build?: Build;
}

/**
 * The releases of the tools' vendors, laid out in one folder as on the vendors' hosts, for which it also serves as a
 * mirror. What is published last is the newest.
 */
export class VendorReleases {
  /** Holds the files of all vendors under their paths. */
  readonly folder: string;
  readonly #newest = new Map<string, string>();

  constructor(folder: string) {
    this.folder = join(folder, 'releases');
  }

  /** The newest release in a repository (`/Azure/kubelogin`), to which GitHub's `latest` leads. */
  newestIn(repository: string): string | undefined {
    return this.#newest.get(repository);
  }

  /** Packs an executable in the vendor's way, with the checksum file beside it. Returns the SHA-256 of what it made. */
  async publish({ tool, version, executable, build = ownBuild }: Release): Promise<string> {
    const { packing, path, entry, checksum, latest, repository } = layouts[tool](version, build);
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await packRelease(packing, executable, entry, file);
    const sha256 = await sha256Of(file);
    await writeFile(join(this.folder, checksum.path), checksum.content(sha256));
    for (const pointer of latest) await writeFile(join(this.folder, pointer.path), `v${version}${pointer.end}`);
    if (repository !== undefined) this.#newest.set(repository, version);
    return sha256;
  }
}

const ownBuild: Build = { os: 'linux', cpu: process.arch === 'arm64' ? 'arm64' : 'amd64' };

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
