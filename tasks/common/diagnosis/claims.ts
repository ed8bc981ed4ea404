import { field, list, text } from '../watching/fields.ts';
import { newPodsOf } from '../watching/new-pods.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { eventSignals, type Signal, signalOf } from './signals.ts';

/** The claims that each object of a release mounts: what is wrong with a claim keeps those who mount it from starting. */
export function mountedClaims(view: ReleaseView): ReadonlyMap<SeenObject, readonly SeenObject[]> {
  const known = new Map<string, SeenObject>();
  for (const object of view.objects) {
    for (const claim of [object, ...view.childrenOf(object)].filter(isClaim)) known.set(keyOf(claim), claim);
  }
  if (known.size === 0) return new Map();
  const users = view.objects.filter((object) => !isClaim(object));
  return new Map(users.map((user) => [user, claimsOf(user, view, known)]));
}

const isClaim = ({ kind }: SeenObject): boolean => kind === 'PersistentVolumeClaim';
const keyOf = ({ metadata: { namespace = '', name = '' } }: SeenObject): string => `${namespace}/${name}`;

function claimsOf(user: SeenObject, view: ReleaseView, known: ReadonlyMap<string, SeenObject>): SeenObject[] {
  const { namespace = '' } = user.metadata;
  // A pod's own spec names claims, too, which for those of a StatefulSet's templates the controller writes into it.
  const specs = [field(user['spec'], 'template', 'spec'), ...newPodsOf(user, view).map((pod) => pod['spec'])];
  const names = specs
    .flatMap((spec) => list(field(spec, 'volumes')))
    .map((volume) => text(field(volume, 'persistentVolumeClaim', 'claimName')));
  const named = names.flatMap((name) => known.get(`${namespace}/${name}`) ?? []);
  return [...new Set([...named, ...view.childrenOf(user).filter(isClaim)])];
}

/** What is said of a claim that has no volume. */
export function claimSignals(claim: SeenObject, view: ReleaseView): Signal[] {
  const phase = text(field(claim['status'], 'phase'));
  if (phase === 'Bound' || phase === '') return [];
  return [
    signalOf(claim, 'status', { reason: phase, where: 'status.phase', isUsual: phase === 'Pending' }),
    ...eventSignals(claim, view),
  ];
}
