import { visible } from '../text/shown.ts';
import type { ObjectName } from '../watching/view.ts';

const longestName = 253;

/** A name or a value of the cluster within a sentence. */
export const quoted = (value: string, longest = longestName): string => `'${visible(value, longest)}'`;

/** An object within a sentence, such as `Deployment 'shop'`. */
export const called = ({ kind, name }: ObjectName): string => `${visible(kind)} ${quoted(name)}`;

/** Foreign text at the end of a sentence: on one line, without a full stop of its own. */
export function told(value: string, longest = 400): string {
  return visible(value.replace(/\s+/g, ' ').trim(), longest).replace(/[.\s]+$/, '');
}

/** A word of a command line that a shell takes as it is: names of Kubernetes are so, other text is left out. */
export function word(value: string, instead: string): string {
  return /^[\w][\w.:@/-]{0,252}$/.test(value) ? value : `<${instead}>`;
}

/** `kubectl <does> <kind> <name> --namespace <namespace>`. */
export function kubectl(does: string, { kind, namespace, name }: ObjectName): string {
  // Of a release as a whole Kubernetes knows nothing.
  if (kind === 'Release')
    return `kubectl get events --namespace ${word(namespace, 'namespace')} --sort-by .lastTimestamp`;
  const where = namespace === '' ? '' : ` --namespace ${word(namespace, 'namespace')}`;
  return `kubectl ${does} ${word(kind.toLowerCase(), 'kind')} ${word(name, 'name')}${where}`;
}

/** What a kubelet, a scheduler and the like said of an object. */
export const describe = (object: ObjectName): string => kubectl('describe', object);

/** The whole of an object, but for what a Secret holds. @param flags besides */
export const wholeOf = (object: ObjectName, flags = ''): string =>
  object.kind === 'Secret' ? describe(object) : `${kubectl('get', object)}${flags} --output yaml`;
