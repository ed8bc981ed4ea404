import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '../..');
const charts = path.join(project, 'test/fixtures/charts');

/** Where the templates come from: this repository. */
export const templatesFolder = project;

/** The repository of a small web service whose program, image and pipelines are the shipped examples, unchanged. */
export class SampleRepository {
  readonly folder: string;

  /** @param folder does not exist yet */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(project, 'templates/examples'), folder, { recursive: true });
    const chart = path.join(folder, 'charts/go-template-app');
    cpSync(path.join(charts, 'go-template-app'), chart, { recursive: true });
    cpSync(path.join(charts, 'contoso-common'), path.join(chart, 'charts/contoso-common'), { recursive: true });
    this.write('deploy/qa.yaml', 'config:\n  GREETING: Hello from QA\n');
    this.write('deploy/production.yaml', 'config:\n  GREETING: Hello from production\n');
    this.#git('init', '--quiet', '--initial-branch=main');
  }

  write(file: string, text: string): void {
    const whole = path.join(this.folder, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  }

  /** Replaces a part of a file. @throws Error when the file has no such part */
  change(file: string, part: string | RegExp, by: string): void {
    const text = readFileSync(path.join(this.folder, file), 'utf8');
    const isThere = typeof part === 'string' ? text.includes(part) : part.test(text);
    if (!isThere) throw new Error(`${file} has no ${String(part).trim()}.`);
    this.write(file, text.replace(part, by));
  }

  /** Commits all that was written. Returns the commit. */
  commit(message: string): string {
    this.#git('add', '--all');
    this.#git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    return this.#git('rev-parse', 'HEAD').trim();
  }

  #git(...args: string[]): string {
    const person = { NAME: 'Robin Contoso', EMAIL: 'robin@contoso.example' };
    const people = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value] as const),
    );
    // Settings of whoever runs this, such as a signature for each commit, are not for it.
    const env = {
      ...process.env,
      ...Object.fromEntries(people),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
    };
    return execFileSync('git', ['-C', this.folder, ...args], { env, stdio: 'pipe', encoding: 'utf8' });
  }
}
