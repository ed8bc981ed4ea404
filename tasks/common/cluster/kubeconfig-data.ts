import path from 'node:path';
import { type Fields, optionalText } from '../go/mapping.ts';
import type { TaskContext } from '../task/context.ts';
import { readRegularFile, realPath } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { decoded } from './current-context.ts';

/** A bundle of authorities is the longest. In bytes. */
const largest = 256 * 1024;

/** Where a kubeconfig lies, from which its relative paths lead. */
export class KubeconfigFolder {
  readonly #folder: string;
  readonly #context: Pick<TaskContext, 'maskSecret'>;

  constructor(folder: string, context: Pick<TaskContext, 'maskSecret'>) {
    this.#folder = folder;
    this.#context = context;
  }

  resolve(file: string): string {
    return path.resolve(this.#folder, file);
  }

  mask(secret: string): void {
    this.#context.maskSecret(secret);
  }

  /** @param field that names the file, for the message @throws TaskError when there is no such file, or it is too large */
  read(file: string, field: string): Promise<string> {
    return readNamedFile(this.resolve(file), field);
  }

  /** The token in a file. @throws TaskError */
  async token(file: string): Promise<string> {
    return tokenInFile(this.resolve(file), this.#context);
  }
}

/** The token that a file holds now; service accounts' are renewed in their place. @throws TaskError when there is none */
export async function tokenInFile(file: string, { maskSecret }: Pick<TaskContext, 'maskSecret'>): Promise<string> {
  const token = (await readNamedFile(file, 'tokenFile')).trim();
  maskSecret(token);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new TaskError(`The kubeconfig is unusable: its tokenFile ${visible(file, 300)} holds no token.`);
}

/** Links are followed: what Kubernetes mounts into a pod are links to the newest files. */
async function readNamedFile(file: string, field: string): Promise<string> {
  const real = await realPath(file);
  const bytes = real === undefined ? undefined : await readRegularFile(real, largest);
  if (bytes !== undefined) return bytes.toString('utf8');
  throw new TaskError(`The kubeconfig is unusable: its ${field} ${visible(file, 300)} is not there.`);
}

/**
 * What a field `<name>-data` holds in base64, or else the file that the field `<name>` names; undefined when there is neither.
 * @param check refuses a text @throws TaskError
 */
export async function fileOrData(
  fields: Fields,
  name: string,
  folder: KubeconfigFolder,
  check: (text: string, place: string) => string,
): Promise<string | undefined> {
  const data = optionalText(fields, `${name}-data`);
  if (data !== undefined) return check(decoded(data), `${fields.path}.${name}-data`);
  const file = optionalText(fields, name);
  return file === undefined ? undefined : check(await folder.read(file, name), `${fields.path}.${name}`);
}
