import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../yaml/read.ts';
import { NotSupported, type Complaints, type Place } from '../yaml/refusal.ts';
import { textOf, valueOf, type Token } from '../yaml/token.ts';

/** The service's limit for the files of one pipeline. */
const mostFiles = 100;

/** The files of the pipeline's repository and of those that it names; a file is called `/path` or `/path@alias`. */
export class Files {
  readonly #folders = new Map<string, string>();
  readonly #aliases = new Set<string>(['self']);
  readonly #read = new Set<string>();

  constructor(
    root: string,
    repositories: ReadonlyMap<string, string>,
    readonly complaints: Complaints,
  ) {
    this.#folders.set('self', root);
    for (const [alias, folder] of repositories) this.#folders.set(alias.toLowerCase(), folder);
  }

  /** Learns which repositories the entry file names. */
  declare(resources: Token | undefined): void {
    const list = valueOf(resources, 'repositories');
    if (list?.kind !== 'sequence') return;
    for (const item of list.items) this.#aliases.add((textOf(item, 'repository') ?? '').toLowerCase());
  }

  /** Reads what a reference in a file leads to; undefined after a complaint. */
  read(reference: string, from: Place): Token | undefined {
    const at = reference.lastIndexOf('@');
    const [, ownPath = '', ownAlias = 'self'] = /^(.*?)(?:@([^@]*))?$/.exec(from.file) ?? [];
    const alias = (at < 0 ? ownAlias : reference.slice(at + 1)).toLowerCase();
    const written = (at < 0 ? reference : reference.slice(0, at)).replaceAll('\\', '/');
    const isOwn = alias === ownAlias.toLowerCase();
    const file = path.posix.join('/', isOwn && !written.startsWith('/') ? path.posix.dirname(ownPath) : '', written);
    if (written === '' || file === '/') return this.#complain(`The file path ${file} is invalid`, from);
    if (!this.#aliases.has(alias))
      return this.#complain(`No repository found by name ${reference.slice(at + 1)}`, from);
    const folder = this.#folders.get(alias);
    if (folder === undefined) throw new NotSupported(`the repository '${alias}', as no folder is given for it`);
    return this.open(folder, file, alias, from);
  }

  open(folder: string, file: string, alias: string, from: Place | string): Token | undefined {
    const target = path.join(folder, file);
    if (!existsSync(target) || !statSync(target).isFile()) {
      const missing = `File ${file} not found in repository ${alias} branch refs/heads/main version 0000000000000000000000000000000000000000.`;
      return this.#complain(missing, from);
    }
    this.#read.add(target);
    if (this.#read.size > mostFiles) throw new NotSupported(`more than ${mostFiles} files`);
    return readYaml(readFileSync(target, 'utf8'), alias === 'self' ? file : `${file}@${alias}`, this.complaints);
  }

  #complain(message: string, from: Place | string): undefined {
    this.complaints.add(message, from);
  }
}
