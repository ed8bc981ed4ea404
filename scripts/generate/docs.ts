import type { TaskInput, TaskJson } from './task-json.ts';

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. @throws Error when the markers are missing. */
export function fill(text: string, name: string, content: string, file: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`${file} lacks the markers <!-- ${name} --> and <!-- /${name} -->.`);
  return text.replace(pattern, (_all, start: string, end: string) => `${start}\n\n${content}\n\n${end}`);
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

/** A table for a page; cells may hold Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function takes(input: TaskInput): string {
  if (input.type === 'boolean') return '`true`, `false`';
  const options = Object.keys(input.options ?? {});
  if (options.length > 0) return options.map((option) => `\`${option}\``).join(', ');
  if (input.type.startsWith('connectedService:')) return 'service connection';
  if (input.type === 'int') return 'whole number';
  if (input.type === 'filePath') return 'path';
  return input.type === 'multiLine' ? 'text, several lines' : 'text';
}

const byDefault = (input: TaskInput): string => {
  if (input.defaultValue) return `\`${input.defaultValue.replaceAll('\n', '`, `')}\``;
  return input.required ? '**required**' : '';
};

export function inputTable(task: TaskJson): string {
  const rows = task.inputs.map((input) => [`\`${input.name}\``, takes(input), byDefault(input), input.helpMarkDown]);
  return table(['Input', 'Takes', 'Default', 'What it is'], rows);
}

export function outputTable(task: TaskJson): string {
  const rows = task.outputVariables.map((output) => [`\`${output.name}\``, output.description]);
  return table(['Output', 'What it is'], rows);
}

export function taskTable(tasks: readonly TaskJson[]): string {
  const rows = tasks.map((task) => [
    `[${task.name}@${task.version.Major}](docs/tasks/${task.name}.md)`,
    task.description,
    task.outputVariables.map((output) => `\`${output.name}\``).join(', '),
  ]);
  return table(['Task', 'Does', 'Outputs'], rows);
}
