/** A pointer that is longer is none (git-lfs/git-lfs, docs/spec.md). In bytes. */
export const longestPointer = 1024;

/** How every pointer begins (ibid.); pre-releases of Git LFS wrote the second. */
const beginnings = ['version https://git-lfs.github.com/spec/', 'version https://hawser.github.com/spec/'];

/** Whether this is the beginning of a pointer, which stands in a clone for a file that Git LFS has not fetched. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  return beginnings.some((beginning) => text.startsWith(beginning));
}

/** A clause that follows the name of such a file: what it is, and what to do. */
export const lfsPointerFault =
  'is a Git LFS pointer, not the file itself: fetch the files of Git LFS in the job that checks the repository out ' +
  '(checkout: self, with lfs: true)';
