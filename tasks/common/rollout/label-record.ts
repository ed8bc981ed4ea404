import { type Revision, secretsPath } from './history.ts';
import type { Release } from './release.ts';

/**
 * Sets labels of a revision's record. Helm reads them from the Secret alone (helm/helm, pkg/storage/driver/secrets.go).
 * With its id in the patch it is the record that was looked at, or none.
 */
export async function labelRecord(
  release: Release,
  { secretName, record }: Revision,
  labels: Readonly<Record<string, string | null>>,
): Promise<void> {
  release.checkHeld();
  const path = `${secretsPath(release.name.namespace)}/${secretName}`;
  const patch = { metadata: { uid: record.uid, labels } };
  await release.tools.client.patch(path, patch, 'merge', { signal: release.signal });
}
