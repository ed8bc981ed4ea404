import type { KubernetesObject } from './objects.ts';

/** Whether an object's labels are as a selector of a query wants them, such as `owner=helm,status in (a,b),!old`. */
export function matchesLabels({ metadata: { labels = {} } }: KubernetesObject, selector = ''): boolean {
  return requirementsOf(selector).every((one) => holds(one, labels));
}

/** Whether an object's fields are as a selector of a query wants them, such as `metadata.name=web`. */
export function matchesFields(object: KubernetesObject, selector = ''): boolean {
  return requirementsOf(selector).every((one) => {
    const [name = '', value = ''] = one.split(/!?==?/);
    return (shown(fieldAt(object, name)) === value) !== one.includes('!=');
  });
}

/** The parts of a selector; commas in parentheses do not part it. */
function requirementsOf(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function holds(requirement: string, labels: Readonly<Record<string, string>>): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement);
  if (set !== null) {
    const [, name = '', operator, values = ''] = set;
    const isIn = values.split(',').some((value) => value.trim() === labels[name]);
    return isIn === (operator === 'in');
  }
  const equality = /^([^!=\s]+)\s*(!?=)=?\s*(\S*)$/.exec(requirement);
  if (equality === null) {
    return requirement.startsWith('!') ? !(requirement.slice(1).trim() in labels) : requirement in labels;
  }
  const [, name = '', operator, value] = equality;
  return (labels[name] === value) === (operator === '=');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function fieldAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }, object);
}
