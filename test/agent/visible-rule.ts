/**
 * Whether the editor would show an input. The server asks for a required input only where it is shown.
 * @param rule terms `input = value` or `input != value`, joined by `&&` or by `||`
 */
export function isVisible(rule: string, valueOf: (input: string) => string): boolean {
  if (rule.includes('||')) return rule.split('||').some((term) => holds(term, valueOf));
  return rule.split('&&').every((term) => holds(term, valueOf));
}

function holds(term: string, valueOf: (input: string) => string): boolean {
  const [, input, operator, expected] = /^\s*(\w+)\s*(==?|!=)\s*(.*?)\s*$/.exec(term) ?? [];
  if (input === undefined || expected === undefined) throw new Error(`This agent cannot read the rule '${term}'.`);
  const same = valueOf(input).toLowerCase() === expected.toLowerCase();
  return operator === '!=' ? !same : same;
}
