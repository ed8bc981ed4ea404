import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import type { Pipeline } from './pipeline.ts';

const fixture = path.resolve(import.meta.dirname, '../fixtures/peak-memory.cjs');
let steps = 0;

/** Runs a step with this environment; returns it with its peak memory (resident set) in MB. */
export async function withPeakMemory(
  pipeline: Pick<Pipeline, 'job'>,
  run: (env: Readonly<Record<string, string>>) => Promise<StepResult>,
): Promise<{ readonly step: StepResult; readonly peakMB: number }> {
  const file = path.join(pipeline.job.folders.root, `peak-memory-${(steps += 1)}`);
  const step = await run({ NODE_OPTIONS: `--require=${fixture}`, PEAK_MEMORY_FILE: file });
  return { step, peakMB: Number(readFileSync(file, 'utf8')) / 1024 / 1024 };
}
