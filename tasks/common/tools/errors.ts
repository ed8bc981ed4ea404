import { explainUntrusted, SilentHost } from '../network/index.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { firstLine } from '../text/lines.ts';

/** Where a tool comes from, as far as it matters for what to do. */
export interface SourceWords {
  /** The step's author chose this source instead of the vendor. */
  readonly isMirror: boolean;
  /** The end of a sentence that tells of another source, such as `, or give input …`; empty where a task has none. */
  readonly elsewhere: string;
}

/** Why a host gave no file, with what to do about it. */
export function explainRefusal(status: number, { host, pathname }: URL, { isMirror, elsewhere }: SourceWords): string {
  if (status === 401 && isMirror) {
    return `${host} wants a sign-in for ${pathname} (HTTP 401): put user and password into the mirror's address (https://user:$(token)@${host}/).`;
  }
  if (status === 403 || status === 429) {
    return (
      `${host} refuses ${pathname} (HTTP ${status}), as hosts do that many agents with one address ask too often (rate ` +
      `limit)${isMirror ? ', and mirrors whose user may not read' : ''}: run the step again later${elsewhere}.`
    );
  }
  if (status >= 500) return `${host} failed several times (HTTP ${status}): run the step again later${elsewhere}.`;
  const check = isMirror
    ? 'check the address of the mirror'
    : `check what the agent's proxy or firewall allows${elsewhere}`;
  return `${host} does not give ${pathname} (HTTP ${status}); ${check}.`;
}

/** Why a host could not be asked at all. */
export function explainConnection(error: unknown, { host }: URL, { elsewhere }: SourceWords): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error instanceof SilentHost ? error.said : firstLine(messageOf(error));
  if (/allowInsecureConnection/.test(message)) {
    return `${host} redirects to an address without https, which is not followed: a program must not be changed on its way.`;
  }
  const untrusted = explainUntrusted(error, host);
  if (untrusted !== undefined) return untrusted;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${host} cannot be found (DNS: ${code}): check the network of this agent${elsewhere}.`;
  return `The connection to ${host} failed (${message}): check the network and the proxy of this agent${elsewhere}.`;
}

const diskProblems: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room there',
  EDQUOT: "the disk quota of the agent's user is used up: make room there",
  EACCES: "the agent's user may not write there: correct the rights of the folder",
  EPERM: "the agent's user may not write there: correct the rights of the folder",
  EROFS: 'the disk is read-only',
};

/** The failure to write a file in the terms of whoever keeps the agent; undefined when it was none. */
export function explainDisk(error: unknown, folder: string): TaskError | undefined {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const problem = diskProblems[code];
  return problem === undefined ? undefined : new TaskError(`Cannot write to ${folder} (${code}): ${problem}.`);
}
