import { NotSupported } from '../yaml/refusal.ts';
import { mapping, valueOf, type MappingToken } from '../yaml/token.ts';
import type { Expander } from './expander.ts';
import { learn } from './lists.ts';
import { withOwnVariables, type Sight } from './sight.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What the entry file may say beside `extends`. */
const besideExtends = words(
  'extends trigger pr schedules resources variables parameters pool name lockBehavior appendCommitMessageToRunName',
);

/** What a template that a pipeline extends may hold. */
const ofTemplate = words('stages jobs steps resources variables extends trigger');

/** A file that a pipeline extends. */
export interface ExtendedTemplate {
  /** `self`, or a name under `resources.repositories`. */
  readonly alias: string;
  /** Within the repository, with `/` in front. */
  readonly path: string;
}

/** A pipeline without `extends`, and the template that it named there. */
export interface Extended {
  readonly root: MappingToken;
  readonly template?: ExtendedTemplate;
}

/** `extends` gives way to what its template holds, and that to what its own one does. */
export function extended(root: MappingToken, expander: Expander, sight: Sight): Extended {
  const reference = valueOf(root, 'extends');
  if (!reference) return { root };
  for (const { key } of root.pairs)
    if (!besideExtends.has(key.text)) expander.complaints.add(`Unexpected value '${key.text}'`, key.at);
  const inner = withOwnVariables(sight);
  let result = mapping(withoutExtends(root), root.at);
  let next = valueOf(root, 'extends');
  let named: ExtendedTemplate | undefined;
  while (next) {
    const variables = valueOf(result, 'variables');
    if (variables) learn(inner.variables, variables);
    const template = expander.template(next, inner, ofTemplate);
    if (!template) return { root: result };
    named ??= fileOf(template);
    result = joined(result, template, expander);
    next = valueOf(template, 'extends');
  }
  return { root: result, ...(named !== undefined && { template: named }) };
}

/** Files are called `/path`, or `/path@alias`. */
function fileOf({ at: { file } }: MappingToken): ExtendedTemplate {
  const at = file.lastIndexOf('@');
  return at < 0 ? { alias: 'self', path: file } : { alias: file.slice(at + 1), path: file.slice(0, at) };
}

function withoutExtends(token: MappingToken): MappingToken['pairs'] {
  return token.pairs.filter(({ key }) => key.text !== 'extends');
}

function joined(root: MappingToken, template: MappingToken, expander: Expander): MappingToken {
  const pairs = withoutExtends(template);
  for (const { key } of pairs) {
    if (key.text === 'trigger') throw new NotSupported("'trigger' in a template that a pipeline extends");
    if (valueOf(root, key.text) === undefined) continue;
    if (key.text === 'resources')
      throw new NotSupported("'resources' in both the entry file and the template that it extends");
    expander.complaints.add(`'${key.text}' is already defined`, key.at);
  }
  return mapping([...root.pairs, ...pairs], root.at);
}
