import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { type PathPattern, pathPattern } from './path-match.ts';

interface Rule {
  readonly pattern: PathPattern;
  /** Whether the pattern is held against the whole path instead of the last name. */
  readonly isWhole: boolean;
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
}

/** Which names in a chart helm passes over. A folder that is ignored is not looked into. */
export interface IgnoreRules {
  /** @param name path in the chart, with slashes */
  ignores(name: string, isFolder: boolean): boolean;
}

/** Each is held against each name in the chart, so that a large file would keep the step busy. */
const mostLines = 1000;

/** What strings.TrimSpace of Go takes off. */
const space = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const around = new RegExp(`^${space}+|${space}+$`, 'g');

/**
 * The rules of a .helmignore, read as helm does (helm/helm, pkg/ignore): unlike git's, a rule with `!` ignores all that
 * it does not match, and there is no `**`.
 * @param text undefined where the chart has no such file
 * @throws TaskError for a line that helm refuses
 */
export function ignoreRules(text: string | undefined): IgnoreRules {
  const lines = (text ?? '').replace(/^\ufeff/, '').split('\n');
  if (lines.length > mostLines) throw new TaskError(`.helmignore has more than the ${mostLines} lines that are read.`);
  const rules = [...lines.flatMap((line, index) => ruleOf(line, index + 1)), ...ruleOf('templates/.?*', 0)];
  return {
    ignores: (name, isFolder) => {
      for (const { pattern, isWhole, isNegated, foldersOnly } of rules) {
        const isRight = !(foldersOnly && !isFolder) && pattern.matches(isWhole ? name : lastOf(name));
        if (isRight !== isNegated) return true;
      }
      return false;
    },
  };
}

function ruleOf(line: string, number: number): Rule[] {
  const rule = line.replace(around, '');
  if (rule === '' || rule.startsWith('#')) return [];
  const refusal = (reason: string): TaskError =>
    new TaskError(`.helmignore, line ${number}: helm cannot read ${shown(rule)}, ${reason}.`);
  if (rule.includes('**'))
    throw refusal('it knows no "**"; write a rule for each folder, or for a name without a slash');
  if (pathPattern(rule) === undefined) throw refusal('since a "[" or "\\" in it does not end');
  const isNegated = rule.startsWith('!');
  const bare = rule.slice(isNegated ? 1 : 0).replace(/\/$/, '');
  const foldersOnly = rule.endsWith('/');
  const pattern = pathPattern(bare.replace(/^\//, ''));
  return pattern === undefined ? [] : [{ pattern, isWhole: bare.includes('/'), isNegated, foldersOnly }];
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
