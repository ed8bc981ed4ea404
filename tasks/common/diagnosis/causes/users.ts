import { called, describe, quoted } from '../words.ts';
import type { Cause } from './cause.ts';

/** What a kubelet says of a user that a pod may not have (kubernetes, pkg/kubelet/kuberuntime/security_context.go). */
const runsAsRoot: Cause = {
  id: 'runs-as-root',
  rank: 'config',
  evidence: 'CreateContainerConfigError that speaks of runAsNonRoot, a non-root policy or a non-numeric user',
  remedy: 'A numeric `runAsUser` other than 0, or an image whose USER is such a number',
  marks: [
    {
      sources: ['waiting', 'event'],
      reasons: ['CreateContainerConfigError', 'Failed'],
      pattern:
        /runAsNonRoot and image (?:will run as root|has non-numeric user \((?<user>[^)]{1,100})\))|runAsUser breaks non-root policy/,
    },
  ],
  what: ({ owner, groups: { user } }) => {
    const why =
      user === undefined
        ? 'runAsNonRoot is true, but it would run as root'
        : `runAsNonRoot is true, but its image names its user ${quoted(user)} by no number, so that nobody can tell that it is not root`;
    return `${called(owner)} cannot start a container: ${why}.`;
  },
  fix: () =>
    "Set securityContext.runAsUser to a number other than 0 in the chart's values, or build the image with such a number as its USER.",
  command: ({ signal: { name } }) => describe(name),
  canMend: false,
};

export const userCauses: readonly Cause[] = [runsAsRoot];
