import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { TaskError } from './outcome.ts';

/**
 * The absolute path of a program that is known by its name, by the PATH of this step; that of later steps may differ.
 * @throws TaskError when PATH has no such program.
 */
export function programPath(name: string): string {
  if (path.isAbsolute(name)) return name;
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
    for (const extension of extensions) {
      const file = path.resolve(folder, name + extension);
      if (isProgram(file)) return file;
    }
  }
  throw new TaskError(`There is no ${name} on the PATH of this agent.`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
