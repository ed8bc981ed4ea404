import { diagnose } from '../diagnosis/diagnose.ts';
import { issuesOf } from '../diagnosis/issues.ts';
import { fitsNoWorkload } from '../diagnosis/service-signals.ts';
import type { ReleaseWatch } from '../watching/release-watch.ts';
import type { Narrator } from './narrator.ts';
import type { Look } from './rounds.ts';

/**
 * Warns of Services of a release that lead to no pod. Nothing waits for them and nobody says a word of them, so a release is deployed
 * that cannot be reached. Asks the cluster only where no workload of the release makes such pods, since another release may.
 */
export async function warnOfDeadServices(
  watch: Pick<ReleaseWatch, 'lookUp'>,
  seen: () => Look,
  narrator: Pick<Narrator, 'warn'>,
): Promise<void> {
  const before = seen().view;
  // Who owns a custom resource may make pods in its own time.
  if (before.customKinds === undefined || before.customKinds.length > 0) return;
  if (!before.objects.some((object) => fitsNoWorkload(object, before))) return;
  await watch.lookUp();
  const { view, clusterNow } = seen();
  const { findings } = diagnose(view, '', new Date(clusterNow));
  const dead = findings.filter(({ cause }) => cause === 'service-selects-nothing');
  for (const issue of issuesOf(dead)) narrator.warn(issue);
}
