import type { NetworkContext } from '../../../tasks/common/network/index.ts';
import type { NetworkSettings } from '../../../tasks/common/task/network.ts';

/** What network code gets of a step, with what it told the log. */
export interface ToldContext extends NetworkContext {
  readonly told: string[];
}

/** A step's context with these network settings; without any it reaches every host directly. */
export function networkContext(
  settings: Partial<NetworkSettings> = {},
  signal: AbortSignal = new AbortController().signal,
): ToldContext {
  const told: string[] = [];
  const tell = (text: string): void => void told.push(text);
  return {
    network: { proxyUrl: undefined, bypassesProxy: () => false, noProxy: '', caFile: undefined, ...settings },
    log: { info: tell, warning: tell, error: tell, debug: tell, progress: (_done, what) => tell(what) },
    signal,
    told,
  };
}
