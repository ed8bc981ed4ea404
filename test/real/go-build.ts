import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GoBuild, Program } from './programs.ts';

const reportEveryMs = 30_000;

/** Another way to a program. */
export interface Instead {
  readonly advice: string;
  readonly reason: string;
}

/**
 * Builds a program from its Go module to `path`, and says on stderr how it goes.
 * @param instead what else than Go would help, and why it could not be had
 * @throws Error that says what to install
 */
export async function buildByGo(program: Program, build: GoBuild, path: string, instead?: Instead): Promise<void> {
  try {
    await reportWhile(program, build, () =>
      build.siblings !== undefined
        ? buildAlone(build, build.siblings, path)
        : build.inPlace === true
          ? buildInPlace(build, path)
          : install(build, path),
    );
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const cure = isMissing ? `install Go ${build.go} or later from https://go.dev/dl` : 'see why Go could not build it';
    const [otherwise, before] = instead === undefined ? ['', ''] : [`, or ${instead.advice}`, `${instead.reason}; `];
    throw new Error(
      `There is no ${program.name} ${program.version} for the tests: ${cure}${otherwise} (${before}${reasonOf(error)}).`,
      { cause: error },
    );
  }
}

/** The first line is the command, or there is only one; the last line is what matters. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message.trim().split('\n').at(-1)}${cause}`;
}

async function reportWhile({ name, version }: Program, build: GoBuild, work: () => Promise<void>): Promise<void> {
  const estimate = build.minutes === 1 ? 'about a minute' : `about ${build.minutes} minutes`;
  console.error(`Go builds ${name} ${version}, in ${estimate} unless its caches have the parts already.`);
  const begun = Date.now();
  const report = setInterval(() => {
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.error(`Go is still building ${name} ${version} after ${seconds} s.`);
  }, reportEveryMs);
  try {
    await work();
  } finally {
    clearInterval(report);
  }
}

async function install(build: GoBuild, path: string): Promise<void> {
  const { packagePath, version } = partsOf(build);
  await go(dirname(path), 'install', '-ldflags', build.linkerFlags, `${packagePath}@${version}`);
}

/**
 * Builds the module as a dependency of one made for it, where the released siblings take the place of the folders that
 * `replace` lines of the module itself name: `go install` refuses a module with such lines.
 */
async function buildAlone(build: GoBuild, siblings: string, path: string): Promise<void> {
  const { modulePath, packagePath, version } = partsOf(build);
  const folder = await mkdtemp(join(tmpdir(), 'go-build-'));
  try {
    const replaced = await siblingsOf(build.module, siblings, folder);
    const lines = [
      'module real-programs',
      `go ${build.go}`,
      `require ${modulePath} ${version}`,
      ...replaced.map((sibling) => `replace ${sibling} => ${sibling} ${siblings}`),
    ];
    await writeFile(join(folder, 'go.mod'), `${lines.join('\n')}\n`);
    await go(folder, 'build', '-mod=mod', '-ldflags', build.linkerFlags, '-o', path, packagePath);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds the module where it lies, by a copy of its own file that asks for no newer Go than it takes. */
async function buildInPlace(build: GoBuild, path: string): Promise<void> {
  const { packagePath } = partsOf(build);
  const folder = await mkdtemp(join(tmpdir(), 'go-build-'));
  try {
    // An older Go says no to the module, which is there by then.
    await go(folder, 'mod', 'download', build.module).catch(() => '');
    const modules = (await go(folder, 'env', 'GOMODCACHE')).trim();
    // Go writes a capital in a folder's name as an exclamation mark and the small letter.
    const source = join(
      modules,
      build.module.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`),
    );
    for (const file of ['go.mod', 'go.sum']) await writeFile(join(folder, file), await readFile(join(source, file)));
    const modfile = join(folder, 'go.mod');
    await go(folder, 'mod', 'edit', `-go=${build.go}`, '-toolchain=none', modfile);
    await go(source, 'build', `-modfile=${modfile}`, '-ldflags', build.linkerFlags, '-o', path, packagePath);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The modules that a module takes from folders beside it, and does not require in the version `released` anyway. */
async function siblingsOf(module: string, released: string, folder: string): Promise<string[]> {
  const file = await go(folder, 'list', '-m', '-f', '{{.GoMod}}', module);
  const { Replace, Require } = JSON.parse(await go(folder, 'mod', 'edit', '-json', file.trim())) as GoModule;
  const beside = new Set(Replace.filter(({ New }) => New.Path.startsWith('.')).map(({ Old }) => Old.Path));
  return Require.filter(({ Path, Version }) => beside.has(Path) && Version !== released).map(({ Path }) => Path);
}

/** What `go mod edit -json` tells. */
interface GoModule {
  readonly Require: readonly { readonly Path: string; readonly Version: string }[];
  readonly Replace: readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string } }[];
}

function partsOf({ module, package: main }: GoBuild): { modulePath: string; packagePath: string; version: string } {
  const [modulePath = '', version = ''] = module.split('@');
  return { modulePath, packagePath: main ?? modulePath, version };
}

async function go(folder: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GOBIN: folder, GOWORK: 'off' };
  return (await promisify(execFile)('go', args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
}
