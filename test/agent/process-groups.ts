import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Groups led by steps, so that a test run that is stopped half-way leaves nothing behind. */
const groups = new Set<number>();
const hasGroups = process.platform !== 'win32';

process.once('exit', () => {
  for (const leader of groups) endGroup(leader);
});

export function trackGroup(leader: number): void {
  groups.add(leader);
}

/** Looks at a group that goes on: what counts is how often, since a machine that stands still ends no process meanwhile. */
const mostLooks = 30;
const betweenLooksMs = 10;

/**
 * Whether a group outlives its leader. A process that was just told to end gets a moment to do so.
 * Always false on Windows, which has no process groups.
 */
export async function groupLives(leader: number): Promise<boolean> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    if (!groupHasMembers(leader)) {
      groups.delete(leader);
      return false;
    }
    await wait(betweenLooksMs);
  }
  return groupHasMembers(leader);
}

export function endGroup(leader: number): void {
  if (hasGroups) signalGroup(leader, 'SIGKILL');
  groups.delete(leader);
}

function groupHasMembers(leader: number): boolean {
  if (!hasGroups || !signalGroup(leader, 0)) return false;
  // In a container nobody may reap orphans: a dead one still answers signals, so Linux is asked for its state.
  return process.platform !== 'linux' || readdirSync('/proc').some((entry) => isLiveMember(entry, leader));
}

function isLiveMember(entry: string, leader: number): boolean {
  if (!/^\d+$/.test(entry)) return false;
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    // pid (name) state parent group ...; the name may hold spaces and parentheses.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === leader && state !== 'Z';
  } catch {
    return false;
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
