import { isMap, isSeq, parseDocument } from 'yaml';
import { table } from './docs.ts';

/** A parameter of a template, with the comment above it. */
interface TemplateParameter {
  readonly name: string;
  readonly type: string;
  /** Undefined: the parameter must be given. */
  readonly default?: unknown;
  readonly values?: readonly string[];
  readonly help: string;
}

/** The parameters of a template, whose name is for errors. @throws Error for one without type or comment. */
export function parametersOf(template: string, name: string): TemplateParameter[] {
  const list = parseDocument(template).get('parameters');
  if (!isSeq(list)) throw new Error(`templates/${name} has no parameters.`);
  return list.items.map((item, index) => {
    if (!isMap(item)) throw new Error(`templates/${name} has a parameter that is no mapping.`);
    // The comment above the first item belongs to the list.
    const comment = item.commentBefore ?? (index === 0 ? list.commentBefore : undefined);
    const parameter = item.toJSON() as Omit<TemplateParameter, 'help'>;
    if (!comment || !parameter.type)
      throw new Error(`templates/${name}: parameter ${parameter.name} lacks a comment or a type.`);
    const help = comment.split('\n').map((line) => line.trim());
    return { ...parameter, help: help.join(' ') };
  });
}

/** The table of a template's page. */
export function parameterTable(parameters: readonly TemplateParameter[]): string {
  const rows = parameters.map((parameter) => [
    `\`${parameter.name}\``,
    takes(parameter),
    byDefault(parameter),
    parameter.help,
  ]);
  return table(['Parameter', 'Takes', 'Default', 'What it is'], rows);
}

function takes({ type, values, default: given }: TemplateParameter): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'stepList') return 'steps';
  if (type === 'string') return 'text';
  // An object of the templates is a list, unless its default shows a mapping.
  return typeof given === 'object' && !Array.isArray(given) ? 'mapping' : 'list';
}

function byDefault(parameter: TemplateParameter): string {
  if (!('default' in parameter)) return '**required**';
  const value = parameter.default;
  if (value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
