import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { realProgram } from '../../real/index.ts';
import type { Fields } from './pods.ts';

export const policiesFolder = path.resolve(import.meta.dirname, '../../../templates/examples/policies');

/** What an engine says of an object: for its name the names of the policies that refuse it, each once. */
export type Refusals = ReadonlyMap<string, readonly string[]>;

interface KyvernoReport {
  readonly summary: { readonly error: number };
  readonly results: readonly {
    readonly policy: string;
    readonly result: string;
    readonly resources: readonly { readonly name: string }[];
  }[];
}

/** What the real kyverno refuses. @throws Error when it could not judge, or when a policy could not be evaluated */
export async function askKyverno(policies: readonly string[], objects: readonly Fields[]): Promise<Refusals> {
  const report = await withFile(objects, async (file) => {
    const args = ['apply', ...policies, '--resource', file, '--policy-report', '--output-format', 'json'];
    return JSON.parse(await output('kyverno', args)) as KyvernoReport;
  });
  if (report.summary.error > 0)
    throw new Error(JSON.stringify(report.results.filter(({ result }) => result === 'error')));
  const failed = report.results.filter(({ result }) => result === 'fail');
  const pairs = failed.flatMap(({ policy, resources }) => resources.map(({ name }) => [name, policy] as const));
  return grouped(pairs);
}

type GatorViolations = readonly {
  readonly constraint: { readonly metadata: { readonly name: string } };
  readonly violatingObject: { readonly metadata: { readonly name: string } };
}[];

/** What the real gator refuses. @throws Error when it could not judge */
export async function askGator(policies: readonly string[], objects: readonly Fields[]): Promise<Refusals> {
  const violations = await withFile(objects, async (file) => {
    const args = ['test', ...[...policies, file].flatMap((each) => ['-f', each]), '-o', 'json'];
    return JSON.parse(await output('gator', args)) as GatorViolations | null;
  });
  return grouped(
    (violations ?? []).map(({ constraint, violatingObject }) => [
      violatingObject.metadata.name,
      constraint.metadata.name,
    ]),
  );
}

/** Both end with 1 when something is refused, and then print as well. */
async function output(program: 'kyverno' | 'gator', args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(await realProgram(program), args, { maxBuffer: 64 * 1024 * 1024 });
  // gator reads objects from a standard input that stays open, too.
  running.child.stdin?.end();
  return running.then(
    ({ stdout }) => stdout,
    (error: { code?: unknown; stdout?: string; stderr?: string }) => {
      if (error.code === 1 && error.stdout) return error.stdout;
      throw new Error(`${program} says: ${error.stderr}`, { cause: error });
    },
  );
}

async function withFile<Result>(objects: readonly Fields[], use: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'judged-'));
  const file = path.join(folder, 'objects.yaml');
  writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));
  try {
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function grouped(pairs: readonly (readonly [string, string])[]): Refusals {
  const names = [...new Set(pairs.map(([name]) => name))];
  return new Map(
    names.map((name) => [name, [...new Set(pairs.filter(([of]) => of === name).map(([, by]) => by))].sort()]),
  );
}
