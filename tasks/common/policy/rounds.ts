import { goJson } from '../go/json.ts';
import { keyOf, type ManifestObject } from './objects.ts';

/**
 * The objects in as few groups as it takes that no group has two of the same key: kyverno 1.19.1 ends at a second one
 * (`already exists`), and answers name objects by their keys. What several values sets render alike stands there once.
 */
export function roundsOf(objects: readonly ManifestObject[]): ManifestObject[][] {
  const rounds: Map<string, ManifestObject>[] = [];
  for (const object of distinct(objects)) {
    const key = keyOf(object);
    let round = rounds.find((each) => !each.has(key));
    if (round === undefined) rounds.push((round = new Map()));
    round.set(key, object);
  }
  return rounds.map((round) => [...round.values()]);
}

function distinct(objects: readonly ManifestObject[]): ManifestObject[] {
  const known = new Map<string, ManifestObject>();
  for (const object of objects) {
    const json = goJson([object.value, object.source]);
    const same = known.get(json);
    const environments = [...new Set([...(same?.environments ?? []), ...object.environments])];
    known.set(json, { ...object, environments });
  }
  return [...known.values()];
}
