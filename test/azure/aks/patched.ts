import type { Fields, KubernetesObject } from './objects.ts';
import { jsonPatch } from './patches/json-patch.ts';
import { mergePatch } from './patches/merge-patch.ts';
import { strategicMerge } from './patches/strategic-merge.ts';
import { Refusal } from './refusal.ts';

/** An object after a patch of one of the three kinds that change what is there. Throws a Refusal. */
export function patched(object: KubernetesObject, patch: Fields, type: string): KubernetesObject {
  const apply = kinds[type];
  if (apply === undefined) {
    const text = `the body of the request was in an unknown format - accepted media types include: ${Object.keys(kinds).join(', ')}`;
    throw new Refusal(415, 'UnsupportedMediaType', text);
  }
  // The version is a demand of the patch, which a merge would show as the live one otherwise.
  const { resourceVersion: _, ...metadata } = object.metadata;
  const target = type === 'application/json-patch+json' ? object : { ...object, metadata };
  return apply(target, patch) as unknown as KubernetesObject;
}

const kinds: Readonly<Record<string, (object: Fields, patch: Fields) => Fields>> = {
  'application/json-patch+json': (object, patch) =>
    jsonPatch(object, patch as unknown as Parameters<typeof jsonPatch>[1]),
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMerge,
};
