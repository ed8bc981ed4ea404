import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../generate/task-json.ts';

/** Bytes of the package. */
export const largestVsix = 4_000_000;

/**
 * Packs what vss-extension.json lists, from dist/, into `<folder>/<publisher>.<id>-<version>.vsix` and returns that path.
 * tfx does it without network. Its warnings are not shown: it looks for the bundles beside the sources of the tasks,
 * where none are. The package's tests check the same rules on the packed files.
 * @throws Error when dist/ is missing, when the package is too large, or with tfx's words when it fails
 */
export async function createVsix(folder: string): Promise<string> {
  if (!existsSync(path.join(root, 'dist', 'tasks'))) throw new Error('dist/tasks is missing; run npm run build first.');
  const manifest = JSON.parse(readFileSync(path.join(root, 'vss-extension.json'), 'utf8')) as Record<string, string>;
  const file = path.join(folder, `${manifest['publisher']}.${manifest['id']}-${manifest['version']}.vsix`);
  const tfx = path.join(root, 'node_modules', 'tfx-cli', '_build', 'tfx-cli.js');
  const create = ['extension', 'create', '--no-prompt', '--json', '--root', root, '--manifests', 'vss-extension.json'];
  mkdirSync(folder, { recursive: true });
  try {
    await promisify(execFile)(process.execPath, [tfx, ...create, '--output-path', file], { cwd: root });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`tfx made no package: ${stderr || stdout || String(error)}`, { cause: error });
  }
  const { size } = statSync(file);
  if (size > largestVsix) throw new Error(`The package has ${size} bytes; the limit is ${largestVsix}.`);
  return file;
}
