import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TaskContext } from '../../task/context.ts';
import { checkJobFile, checkJobPlace, openRegularFile } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { inspectArchive, readingIn } from '../archive/inspect.ts';
import type { ChartNames } from './named-chart.ts';
import { type TakenChart, unpackedLimit } from './taken-chart.ts';

/** Of the files that a pattern matches, so many are named. */
const mostNamed = 5;

/**
 * Takes an archive of the job. One that is named by its whole path may lie anywhere; what a pattern finds must be the
 * job's own. It is copied before it is read, so that what was looked at is what helm gets.
 * @param names of which `chart` is a path, or a pattern that one file matches
 * @param folder a private one, which gets the copy
 * @throws TaskError when no file or several match, or it is no harmless chart
 */
export async function fromArchive(names: ChartNames, folder: string, context: TaskContext): Promise<TakenChart> {
  const { chart } = names;
  const source = await oneFile(names, context);
  await (source === chart.value ? checkJobPlace : checkJobFile)(source, context);
  const file = path.join(folder, 'chart.tgz');
  await copyOf(source, file, context.signal);
  const facts = await inspected(file, source, context);
  if (facts.gitFile !== undefined) {
    throw new TaskError(
      `${source} holds ${shown(facts.gitFile)}, one of git's own files, where the job's token may stand ` +
        "(persistCredentials), and helm would put it into the cluster: add .git/ to the chart's .helmignore, or let " +
        'HelmChartSave package it, which leaves them out.',
    );
  }
  return { file, facts, digest: facts.digest, reference: source };
}

async function oneFile({ chart, repository }: ChartNames, context: TaskContext): Promise<string> {
  const { input, value } = chart;
  const files = (await context.findFiles([value])).filter((file) => !file.endsWith('.prov'));
  const [file, ...others] = files;
  const start = context.variable('System.DefaultWorkingDirectory') ?? '.';
  if (file === undefined) {
    throw new TaskError(
      `Input ${input} is ${shown(value)}, and no file or folder is there (seen from ${start}): was the repository checked ` +
        'out (checkout: self), or the artifact downloaded? A deployment job checks nothing out by itself. A chart in a ' +
        `registry begins with oci://; for one in a chart repository give its name alone, and input ${repository.input}.`,
    );
  }
  if (others.length > 0) {
    const named = files.slice(0, mostNamed).join(', ');
    throw new TaskError(
      `Input ${input} is ${shown(value)}, which ${files.length} files match (${named}${files.length > mostNamed ? ', …' : ''}): ` +
        'give one of them, or a pattern that only one matches.',
    );
  }
  if (path.basename(file) === 'Chart.yaml') {
    throw new TaskError(`Input ${input} is ${shown(value)}; give the folder that holds it, ${path.dirname(file)}.`);
  }
  return file;
}

async function copyOf(source: string, target: string, signal: AbortSignal): Promise<void> {
  const handle = await openRegularFile(source);
  if (handle === undefined) throw new TaskError(`${source} was removed while it was read.`);
  try {
    const { size } = await handle.stat();
    const { maxUnpacked, limit } = unpackedLimit;
    if (size > maxUnpacked) throw new TaskError(`${source} has ${size} bytes, packed alone more than ${limit}.`);
    const reading = handle.createReadStream({ autoClose: false, start: 0, end: maxUnpacked });
    await pipeline(reading, createWriteStream(target, { flags: 'wx', mode: 0o600 }), { signal });
  } finally {
    await handle.close();
  }
}

/** Messages name the file that people know. */
async function inspected(file: string, source: string, context: TaskContext): ReturnType<typeof inspectArchive> {
  try {
    return await inspectArchive(file, readingIn(context));
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    throw new TaskError(error.message.replaceAll(file, source));
  }
}
