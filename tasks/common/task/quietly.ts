import { Writable } from 'node:stream';
import * as tl from 'azure-pipelines-task-lib/task.js';

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * Reads a value that may be secret. task-lib writes every value it hands out into the debug log, where only the
 * agent's masking would hide it. `read` must not print: what it prints is lost.
 */
export function quietly<Value>(read: () => Value): Value {
  tl.setStdStream(nowhere);
  try {
    return read();
  } finally {
    tl.setStdStream(process.stdout);
  }
}
