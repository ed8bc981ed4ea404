import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fill, table } from './docs.ts';
import { parametersOf, parameterTable } from './template-parameters.ts';
import { root } from './task-json.ts';

/** The folders of the templates that people name; `internal` holds what these are made of. */
const publicFolders = ['stages', 'steps', 'pipelines'];

/** The stages that are wrapped for `extends`, as a check `Required template` wants it. */
const wrapped = ['publish-chart', 'deploy-environments'];

/** What follows from the templates, as text by file: the wrappers for `extends`, and a page for each template. */
export function templateFiles(): Map<string, string> {
  const folder = path.join(root, 'templates');
  const files = new Map(
    wrapped.map((name): [string, string] => {
      const stages = readFileSync(path.join(folder, 'stages', `${name}.yml`), 'utf8');
      return [path.join(folder, 'pipelines', `${name}.yml`), wrapper(name, stages)];
    }),
  );
  const rows: string[][] = [];
  for (const name of publicFolders.flatMap((kind) => namesIn(path.join(folder, kind), kind))) {
    const file = path.join(folder, name);
    const page = path.join(root, 'docs', 'templates', name.replace(/\.yml$/, '.md'));
    const template = files.get(file) ?? readFileSync(file, 'utf8');
    files.set(page, filledPage(name, template, page));
    rows.push([`[${name}](${name.replace(/\.yml$/, '.md')})`, firstLine(template)]);
  }
  const index = path.join(root, 'docs', 'templates', 'README.md');
  const filled = fill(
    readFileSync(index, 'utf8'),
    'templates',
    table(['Template', 'What it is'], rows),
    'docs/templates/README.md',
  );
  return files.set(index, filled);
}

/** The comment that a template begins with. */
function firstLine(template: string): string {
  return /^# (.*)/.exec(template)?.[1] ?? '';
}

function namesIn(folder: string, kind: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .sort((one, other) => (one < other ? -1 : 1))
    .map((name) => `${kind}/${name}`);
}

function wrapper(name: string, stages: string): string {
  const [, parameters] = /^(parameters:\n[\s\S]*?\n)\nstages:\n/m.exec(stages) ?? [];
  if (parameters === undefined)
    throw new Error(`templates/stages/${name}.yml lacks its parameters, or an empty line behind.`);
  const passed = parametersOf(stages, name).map(
    (parameter) => `      ${parameter.name}: \${{ parameters.${parameter.name} }}\n`,
  );
  return [
    `# stages/${name}.yml for \`extends\`, as a check Required template wants it.\n# Generated from it by \`npm run generate\`; never edited by hand.\n`,
    `${parameters}\nstages:\n  - template: ../stages/${name}.yml\n    parameters:\n`,
    ...passed,
  ].join('');
}

function filledPage(name: string, template: string, page: string): string {
  const start = `# ${name}\n\n## Parameters\n\n<!-- prettier-ignore-start -->\n\n<!-- parameters -->\n<!-- /parameters -->\n\n<!-- prettier-ignore-end -->\n`;
  const text = existsSync(page) ? readFileSync(page, 'utf8') : start;
  return fill(text, 'parameters', parameterTable(parametersOf(template, name)), path.relative(root, page));
}
