import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readTaskDefinition, versionOf, type TaskDefinition } from '../task-definition.ts';

/** A built task that steps may name. */
export interface CatalogueTask {
  readonly folder: string;
  readonly definition: TaskDefinition;
}

/** Where the tasks of an extension are, once built, and what the extension is called. */
export interface Extension {
  /** A folder with one folder a task. */
  readonly tasks: string;
  readonly publisher: string;
  readonly id: string;
}

/** The tasks of an extension. */
export class TaskCatalogue {
  readonly #tasks: readonly CatalogueTask[];
  readonly #prefix: string;

  constructor(tasks: readonly CatalogueTask[], { publisher, id }: Pick<Extension, 'publisher' | 'id'>) {
    this.#tasks = tasks;
    this.#prefix = `${publisher}.${id}.`.toLowerCase();
  }

  /**
   * The task of a name, of a full name (publisher, extension and, as the service writes it, contribution before the name)
   * or of an id. The version is the major one or the whole.
   */
  find(reference: string, version: string): CatalogueTask | undefined {
    const wanted = reference.toLowerCase();
    const full = wanted.startsWith(this.#prefix) ? wanted.slice(this.#prefix.length) : wanted;
    return this.#tasks.find(({ definition }) => {
      const name = definition.name.toLowerCase();
      const isNamed = [name, definition.id.toLowerCase()].includes(wanted) || [name, `${name}.${name}`].includes(full);
      return isNamed && [String(definition.version.Major), versionOf(definition)].includes(version);
    });
  }

  /** Whether any version of the task is here. */
  has(reference: string): boolean {
    return this.#tasks.some(({ definition }) => this.find(reference, versionOf(definition)) !== undefined);
  }
}

/** Reads the built tasks of an extension. Throws when the folder is missing: then nothing has been built. */
export async function readCatalogue(extension: Extension): Promise<TaskCatalogue> {
  const folders = (await readdir(extension.tasks)).sort().map((name) => path.join(extension.tasks, name));
  const tasks = folders.map(async (folder) => ({ folder, definition: await readTaskDefinition(folder) }));
  return new TaskCatalogue(await Promise.all(tasks), extension);
}
