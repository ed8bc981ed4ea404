import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobSetup } from './job-setup.ts';
import { base64Traces, jsonEscaped, uriEscaped } from './secret-forms.ts';
import { connectionSecrets } from './service-connections.ts';
import type { StepResult } from './step-result.ts';

/** A secret where it must not be. */
export interface SecretLeak {
  /** Whose secret: `variable X`, `<connection> <parameter>`, `setsecret`. */
  readonly secret: string;
  readonly form: 'raw' | 'line' | 'base64' | 'URI' | 'JSON';
  /** `log`, `output`, `command line`, or the file. */
  readonly place: string;
}

interface Trace {
  readonly secret: string;
  readonly form: SecretLeak['form'];
  readonly text: string;
}

/** All secrets of a job in all forms that the audits look for. Client ids and user names are masked, but are no secrets. */
export function secretTraces({ state, connections, systemConnection }: JobSetup): Trace[] {
  const secrets = new Map<string, string>();
  for (const { name, value } of state.variables.secret()) secrets.set(`variable ${name}`, value);
  for (const connection of [...connections, systemConnection]) {
    for (const [name, value] of connectionSecrets(connection)) secrets.set(name, value);
  }
  [...state.declaredSecrets].forEach((value, index) => secrets.set(`setsecret ${index + 1}`, value));
  return [...secrets].flatMap(([secret, value]) => formsOf(value).map(([form, text]) => ({ secret, form, text })));
}

function formsOf(value: string): (readonly [SecretLeak['form'], string])[] {
  if (value.trim() === '') return [];
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16 && line !== value && !line.startsWith('-----'));
  return [
    ['raw', value] as const,
    ...lines.map((line) => ['line', line] as const),
    ...base64Traces(value).flatMap((trace) => {
      const urlSafe = trace.replaceAll('+', '-').replaceAll('/', '_');
      return [...new Set([trace, urlSafe])].map((text) => ['base64', text] as const);
    }),
    ...(uriEscaped(value) === value ? [] : [['URI', uriEscaped(value)] as const]),
    ...(jsonEscaped(value) === value ? [] : [['JSON', jsonEscaped(value)] as const]),
  ];
}

/** Secrets in what a step printed: in the log that users read, or in the raw output where the agent still hid them. */
export function leaksInOutput(traces: readonly Trace[], result: StepResult): SecretLeak[] {
  return [...leaksIn(traces, result.log.join('\n'), 'log'), ...leaksIn(traces, withoutDeclarations(result), 'output')];
}

export function leaksOnCommandLines(traces: readonly Trace[], result: StepResult): SecretLeak[] {
  return leaksIn(traces, result.commandLines.join('\n'), 'command line');
}

/** Secrets in any file below the folders, or in a file's name. Links are not followed. */
export async function leaksOnDisk(traces: readonly Trace[], folders: readonly string[]): Promise<SecretLeak[]> {
  const leaks: SecretLeak[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const file = path.join(entry.parentPath, entry.name);
      leaks.push(...leaksIn(traces, path.relative(folder, file), file));
      if (entry.isFile()) leaks.push(...leaksIn(traces, await readFile(file), file));
    }
  }
  return leaks;
}

function leaksIn(traces: readonly Trace[], content: string | Buffer, place: string): SecretLeak[] {
  return traces.filter(({ text }) => content.includes(text)).map(({ secret, form }) => ({ secret, form, place }));
}

/** The raw output without the commands by which a task tells the agent a secret: these are the right way to do it. */
function withoutDeclarations({ rawOutput, commands }: StepResult): string {
  const declarations = new Set(
    commands
      .filter(
        ({ area, event, properties }) =>
          area === 'task' &&
          (event === 'setsecret' ||
            (/^set(task)?variable$/.test(event) && properties['issecret']?.toLowerCase() === 'true')),
      )
      .map(({ line }) => line),
  );
  return rawOutput
    .split('\n')
    .filter((line) => !declarations.has(line))
    .join('\n');
}
