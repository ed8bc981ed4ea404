import type { NetworkContext } from '../network/index.ts';
import type { TaskContext } from '../task/context.ts';

/** A file that is being read. */
export interface OpenedFile {
  readonly body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
  /** Bytes, where known. */
  readonly size: number | undefined;
}

/** Where tools come from: the vendor's host, a mirror of it, or a folder. All keep the vendor's paths. */
export interface ToolSource {
  /** What messages call it. */
  readonly name: string;
  /**
   * The file with this path on the vendor's host, or undefined when there is none.
   * @throws TaskError when it cannot be had for another reason.
   */
  open(path: string): Promise<OpenedFile | undefined>;
}

export type SourceContext = NetworkContext & Pick<TaskContext, 'variable'>;
