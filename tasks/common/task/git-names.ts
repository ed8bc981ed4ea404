/**
 * Whether a path, in parts, leads into `.git`. Names are compared as the file systems of Windows and macOS do, to which
 * `.GIT`, `.git.`, `.git ` and `.git::$INDEX_ALLOCATION` are the same folder, and `git~1` its short name.
 */
export function leadsIntoGit(parts: readonly string[]): boolean {
  return parts.some((part) => /^(\.git|git~\d+)[. ]*(:.*)?$/i.test(part));
}
