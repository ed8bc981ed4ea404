import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { expandPipeline } from '../../agent/pipelines/expand.ts';

/** The files of a case by path; `azure-pipelines.yml` is the entry file; `alias:path` is in another repository. */
export type CaseFiles = Readonly<Record<string, string>>;

/** Expands a case in a folder of its own; gives the YAML. */
export function expandText(files: CaseFiles | string, parameters: unknown = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'expand-'));
  try {
    const all = typeof files === 'string' ? { 'azure-pipelines.yml': files } : files;
    const repositories = new Map<string, string>();
    for (const [name, text] of Object.entries(all)) {
      const [, alias = 'self', file = name] = /^(?:([^:]+):)?(.+)$/.exec(name) ?? [];
      const target = path.join(folder, alias, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
      if (alias !== 'self') repositories.set(alias, path.join(folder, alias));
    }
    return expandPipeline({ file: path.join(folder, 'self', 'azure-pipelines.yml'), repositories, parameters });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The expanded document, every scalar as its text. */
export function expandCase(files: CaseFiles | string, parameters: unknown = {}): unknown {
  return parse(expandText(files, parameters), { schema: 'failsafe' });
}

/** What a variable `probe` holds whose value is the expression. */
export function probe(expression: string, before = ''): unknown {
  const result = expandCase(`${before}variables:\n  probe: \${{ ${expression} }}\nsteps:\n- script: x\n`);
  return (result as { variables: { value: unknown }[] }).variables[0]?.value;
}
