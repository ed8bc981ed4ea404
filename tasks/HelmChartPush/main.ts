import { openRegistry, pushChart, type PushReceipt } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import { archiveFiles, readArchives } from './archives.ts';
import { eachInParallel, SomeFailed } from '../common/task/parallel.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { sourceAnnotations } from './source-annotations.ts';

/** Charts that are pushed at the same time; more only makes the registry throttle. */
const atOnce = 4;

/** Pushes every chart archive that the patterns name; all are checked before the first is pushed. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const files = await archiveFiles(inputs, context);
  const registry = openRegistry({ ...inputs, registry: given(inputs, 'registry') }, context);
  registry.prepare();
  const archives = await readArchives(files, inputs, context);
  const rules = {
    ifExists: inputs.ifExists,
    extraAnnotations: inputs.sourceAnnotations ? sourceAnnotations(context) : {},
    comparison: {
      folder: () => context.privateFolder(),
      maxUnpackedBytes: inputs.maxUnpackedMB * 1024 * 1024,
      signal: context.signal,
    },
  };
  let done = 0;
  const receipts = await eachInParallel(archives, atOnce, async (archive) => {
    const receipt = await pushChart(registry, archive, rules);
    context.log.info(line(receipt));
    context.log.progress(++done / archives.length, `${done} of ${archives.length} charts`);
    return receipt;
  }).catch((error: unknown) => {
    throw error instanceof SomeFailed ? partly(error, archives.length, inputs) : error;
  });
  const outputs: Output[] = ['chartRef', 'chartVersion', 'chartDigest', 'chartDigestRef', 'pushResult'];
  for (const output of outputs) context.setOutput(output, receipts.map((receipt) => receipt[output]).join(','));
  return summary(receipts);
}

/** Each reason says itself what helps; a further run alone mends few of them. */
function partly({ done, message }: SomeFailed, all: number, { ifExists }: Inputs): TaskError {
  const there = ifExists !== 'fail' ? 'are in the registry' : 'were pushed, and a further run refuses those (ifExists)';
  return new TaskError(`${done} of ${all} charts ${there}. Of the others:\n${message}`);
}

function line(receipt: PushReceipt): string {
  const { chartRef, chartDigest, pushResult, replaced, isRepacked } = receipt;
  if (replaced !== undefined) return `${chartRef} overwritten: ${replaced} replaced by ${chartDigest}`;
  if (isRepacked) return `${chartRef} ${pushResult}: ${chartDigest} holds the same files, packed otherwise`;
  return `${chartRef} ${pushResult}: ${chartDigest}`;
}

function summary(receipts: readonly PushReceipt[]): string {
  const counted = (['pushed', 'unchanged', 'overwritten'] as const)
    .map((result) => ({ result, count: receipts.filter((receipt) => receipt.pushResult === result).length }))
    .filter(({ count }) => count > 0)
    .map(({ result, count }) => `${count} ${result}`);
  return `${receipts.length} ${receipts.length === 1 ? 'chart' : 'charts'}: ${counted.join(', ')}.`;
}
