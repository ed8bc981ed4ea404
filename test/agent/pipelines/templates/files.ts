import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../yaml/read.ts';
import { NotSupported, type Complaints, type Place } from '../yaml/refusal.ts';
import { textOf, valueOf, type Token } from '../yaml/token.ts';
import { checkSyntax } from './syntax.ts';

/** The service's limits for what one pipeline includes: files, and bytes in memory. Its words for them are not known. */
const mostFiles = 100;
const mostBytes = 20 * 1024 * 1024;

/** The files of the pipeline's repository and of those that it names; a file is called `/path` or `/path@alias`. */
export class Files {
  readonly #folders = new Map<string, string>();
  /** As they were declared, by their lower case. */
  readonly #aliases = new Map<string, string>([['self', 'self']]);
  readonly #read = new Set<string>();
  #bytes = 0;

  constructor(
    root: string,
    repositories: ReadonlyMap<string, string>,
    readonly complaints: Complaints,
  ) {
    this.#folders.set('self', root);
    for (const [alias, folder] of repositories) this.#folders.set(alias.toLowerCase(), folder);
  }

  /** Learns which repositories the entry file names, or a template that it extends. */
  declare(resources: Token | undefined): void {
    const list = valueOf(resources, 'repositories');
    if (list?.kind !== 'sequence') return;
    for (const item of list.items) {
      const alias = textOf(item, 'repository') ?? '';
      this.#aliases.set(alias.toLowerCase(), alias);
    }
  }

  /** Reads what a reference in a file leads to; undefined after a complaint. */
  read(reference: string, from: Place): Token | undefined {
    const at = reference.lastIndexOf('@');
    const [, ownPath = '', ownAlias = 'self'] = /^(.*?)(?:@([^@]*))?$/.exec(from.file) ?? [];
    const named = at < 0 ? ownAlias : reference.slice(at + 1);
    const written = (at < 0 ? reference : reference.slice(0, at)).replaceAll('\\', '/');
    const isRelative = named.toLowerCase() === ownAlias.toLowerCase() && !written.startsWith('/');
    const whole = path.posix.join('/', isRelative ? path.posix.dirname(ownPath) : '', written);
    if (written === '' || whole === '/') return this.#complain(`The file path ${whole} is invalid`, from);
    const parts = `${isRelative ? path.posix.dirname(ownPath) : ''}/${written}`.replace(/^\/+/, '');
    if (path.posix.normalize(parts).startsWith('../'))
      return this.#complain(`The file path /${parts} is invalid`, from);
    const alias = this.#aliases.get(named.toLowerCase());
    if (alias === undefined) return this.#complain(`No repository found by name ${named}`, from);
    const folder = this.#folders.get(alias.toLowerCase());
    if (folder === undefined) throw new NotSupported(`the repository '${alias}', as no folder is given for it`);
    return this.open(folder, whole, alias, from);
  }

  /** Reads a file of a folder; undefined after a complaint. Throws Refused for what cannot be parsed. */
  open(folder: string, file: string, alias: string, from: Place | string): Token | undefined {
    const target = path.join(folder, file);
    if (!existsSync(target) || !statSync(target).isFile()) {
      const missing = `File ${file} not found in repository ${alias} branch refs/heads/main version 0000000000000000000000000000000000000000.`;
      return this.#complain(missing, from);
    }
    const text = readFileSync(target, 'utf8');
    this.#count(target, text);
    const before = this.complaints.count;
    const token = readYaml(text, alias === 'self' ? file : `${file}@${alias}`, this.complaints);
    checkSyntax(token, this.complaints);
    if (this.complaints.count > before) this.complaints.check();
    return token;
  }

  /** The first is the entry file, which is not included by any. */
  #count(target: string, text: string): void {
    this.#read.add(target);
    if (this.#read.size > mostFiles + 1) throw new NotSupported(`more than ${mostFiles} templates`);
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > mostBytes) throw new NotSupported('more than 20 MB of YAML');
  }

  #complain(message: string, from: Place | string): undefined {
    this.complaints.add(message, from);
  }
}
