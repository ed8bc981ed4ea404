import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

/** As the Arc agent and Azure's clients have it, in bytes. */
const largestKey = 4096;

/**
 * The key that the Arc agent wants to see: whoever can read the file in its folder may use the server's identity.
 * @param challenge its WWW-Authenticate header, `Basic realm=<path of the key>`
 * @param folder the only one in which a key may lie, or whoever answers could have any file read
 * @throws TaskError when the path leads elsewhere, or this user may not read there
 */
export async function arcKey(challenge: string, folder: string): Promise<string> {
  const named = /^Basic realm=("?)(.+)\1$/i.exec(challenge.trim())?.[2] ?? '';
  const file = path.resolve(named);
  if (!same(path.dirname(file), path.resolve(folder)) || path.extname(file) !== '.key') {
    throw new TaskError(
      `What answers in the place of the Azure Arc agent names the key '${visible(named, 200)}', which is no .key file in ` +
        `${folder}; nothing was read. Check the variables IDENTITY_ENDPOINT and IMDS_ENDPOINT of this agent.`,
    );
  }
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > largestKey) throw new Error('it is no file of a key');
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new TaskError(
      `The key ${file} of the Azure Arc agent cannot be read (${messageOf(error)}): add the user that runs this agent to ` +
        "the group himds (on Windows 'Hybrid agent extension applications'), and start the agent again.",
    );
  }
}

function same(one: string, other: string): boolean {
  return process.platform === 'win32' ? one.toLowerCase() === other.toLowerCase() : one === other;
}
