import type { HelmEnd } from '../../../tasks/common/helm/index.ts';
import type { RolloutTools } from '../../../tasks/common/rollout/release.ts';
import type { FakeCluster, FakeRecord } from './fake-cluster.ts';

type Command = keyof RolloutTools['helm'];

/** How one run of helm goes otherwise than well. */
export interface Mishap {
  /** The status of the record that it leaves; none without it. */
  readonly leaves?: string;
  readonly exitCode?: number | null;
  readonly signal?: NodeJS.Signals;
  readonly said?: string;
  /** Called while helm is at work. */
  readonly meanwhile?: () => void;
}

/** A helm whose records are those of a fake cluster, and which does well unless it was told otherwise. */
export class FakeHelm {
  readonly runs: string[] = [];
  readonly requests: object[] = [];
  readonly #cluster: FakeCluster;
  readonly #mishaps: { command: Command; mishap: Mishap }[] = [];

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster;
  }

  /** What the next run of a command does; several in their order. */
  next(command: Command, mishap: Mishap): this {
    this.#mishaps.push({ command, mishap });
    return this;
  }

  upgrade: RolloutTools['helm']['upgrade'] = async (request, signal) => {
    const records = this.#cluster.of(request.release);
    const last = newestOf(records);
    if (last?.status.startsWith('pending-')) {
      this.runs.push('upgrade, refused');
      return end({ exitCode: 1, said: 'Error: UPGRADE FAILED: another operation is in progress' });
    }
    const isFirst = last === undefined || last.status === 'uninstalled';
    const own: Record<string, string> = Object.fromEntries(request.labels.map((label) => label.split('=')));
    const labels: Record<string, string> = Object.fromEntries(
      Object.entries({ ...(isFirst ? {} : last.labels), ...own }).filter(([, value]) => isFirst || value !== 'null'),
    );
    return this.#make('upgrade', request, labels, signal);
  };

  rollback: RolloutTools['helm']['rollback'] = async (request, signal) => {
    const target = this.#cluster.of(request.release).find(({ number }) => number === request.revision);
    if (target === undefined) return end({ exitCode: 1, said: `Error: release has no ${request.revision} version` });
    return this.#make(
      'rollback',
      request,
      { ...target.labels },
      signal,
      ` ${request.revision}${request.noHooks ? ' --no-hooks' : ''}`,
    );
  };

  uninstall: RolloutTools['helm']['uninstall'] = async (request, signal) => {
    const mishap = this.#begin('uninstall', request, signal, request.noHooks ? ' --no-hooks' : '');
    const records = this.#cluster.of(request.release);
    const last = newestOf(records);
    if (mishap === undefined) records.length = 0;
    else if (mishap.leaves !== undefined && last !== undefined) last.status = mishap.leaves;
    return end(mishap);
  };

  test: RolloutTools['helm']['test'] = async (request, signal) => end(this.#begin('test', request, signal));

  #make(
    command: Command,
    request: { readonly release: string },
    labels: Record<string, string>,
    signal: AbortSignal,
    more = '',
  ): HelmEnd {
    const records = this.#cluster.of(request.release);
    const number = (newestOf(records)?.number ?? 0) + 1;
    const mishap = this.#begin(command, request, signal, more);
    const status = mishap === undefined ? 'deployed' : mishap.leaves;
    if (status === 'deployed') {
      const good = records.filter((record) => record.status === 'deployed');
      // Without one helm takes the newest for what it replaces, and forgets that it failed (pkg/action/upgrade.go).
      const replaced = good.length === 0 && command === 'upgrade' ? [newestOf(records)] : good;
      for (const record of replaced) if (record !== undefined) record.status = 'superseded';
    }
    // A roll-back that fails takes what it should leave for superseded (pkg/action/rollback.go).
    const left = newestOf(records);
    if (command === 'rollback' && status === 'failed' && left?.status === 'failed') left.status = 'superseded';
    if (status !== undefined) records.push({ number, status, labels, createdAt: new Date() });
    signal.throwIfAborted();
    return end(mishap);
  }

  #begin(command: Command, request: object, signal: AbortSignal, more = ''): Mishap | undefined {
    signal.throwIfAborted();
    this.runs.push(`${command}${more}`);
    this.requests.push(request);
    const at = this.#mishaps.findIndex((each) => each.command === command);
    const mishap = at < 0 ? undefined : this.#mishaps.splice(at, 1)[0]?.mishap;
    mishap?.meanwhile?.();
    return mishap;
  }
}

function newestOf(records: readonly FakeRecord[]): FakeRecord | undefined {
  return [...records].sort((one, other) => one.number - other.number).at(-1);
}

function end(mishap: Mishap = { exitCode: 0 }): HelmEnd {
  const { exitCode = mishap.signal === undefined ? 1 : null, signal = null, said = 'Error: it did not work' } = mishap;
  return { exitCode, signal, said: exitCode === 0 ? '' : said };
}
