import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import type { KubernetesObject } from '../azure/index.ts';
import { realProgram, type ProgramId } from '../real/index.ts';
import type { ReleasePipeline, ReleasePipelineOptions } from './release-pipeline.ts';

/** Starts a job that deploys, on one of the two clusters. */
export type StartReleases = (options?: ReleasePipelineOptions) => Promise<ReleasePipeline>;

/** A first run may have to build the programs. */
const obtainMs = 1_200_000;

/**
 * For use in a `describe`: one job and one cluster for all of its tests, which use releases and namespaces of their own.
 * @param prepare is called before the tests
 */
export function sharedRelease(
  start: StartReleases,
  options: ReleasePipelineOptions = {},
  prepare: (pipeline: ReleasePipeline) => Promise<void> | void = () => {},
): () => ReleasePipeline {
  let pipeline: ReleasePipeline | undefined;
  before(async function () {
    this.timeout(obtainMs);
    pipeline = await start(options);
    await prepare(pipeline);
  });
  after(() => pipeline?.close());
  return () => {
    assert.ok(pipeline !== undefined);
    return pipeline;
  };
}

/** The step ended well, and the agent had nothing against it. */
export function assertGood(step: StepResult): StepResult {
  assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  assert.deepEqual(step.violations, []);
  assert.deepEqual(step.issues, []);
  return step;
}

/**
 * How a step ended that failed after it had begun to change something; such a step sets its outputs. It is the last of its
 * errors, behind the causes that it found, each told once.
 */
export function failureOf(step: StepResult): string {
  const log = step.log.join('\n');
  assert.equal(step.result, 'Failed', log);
  assert.deepEqual(step.violations, []);
  assert.doesNotMatch(log, /^\s+at .*[:(]\d+:\d+\)?$|node:internal|Unexpected error/m);
  const errors = errorsOf(step);
  assert.equal(new Set(errors).size, errors.length, log);
  assert.notEqual(step.outputs['diagnosisFile'], '', log);
  return errors.at(-1) ?? assert.fail(log);
}

/** The causes that a step found of its failure, the first one first. */
export function causesOf(step: StepResult): string[] {
  return errorsOf(step).slice(0, -1);
}

const errorsOf = ({ issues }: StepResult): string[] =>
  issues.filter(({ type }) => type === 'error').map(({ message }) => message);

/** What the step warned of, in one text. */
export function warningsOf({ issues }: StepResult): string {
  return issues
    .filter(({ type }) => type === 'warning')
    .map(({ message }) => message)
    .join('\n');
}

/** The part of a step that makes it run with this helm. */
export async function withHelm(id: ProgramId): Promise<{ readonly env: Readonly<Record<string, string>> }> {
  const programs = await Promise.all(([id, 'kubelogin', 'kubectl'] as const).map(realProgram));
  const folders = [...programs.map((program) => path.dirname(program)), process.env['PATH'] ?? ''];
  return { env: { PATH: folders.join(path.delimiter) } };
}

/** An object that must be there. */
export function present(object: KubernetesObject | undefined): KubernetesObject {
  assert.ok(object !== undefined, 'There is no such object.');
  return object;
}

/** An entry of a Secret, as text. */
export function entryOf(secret: KubernetesObject | undefined, name: string): string {
  const data = present(secret)['data'] as Readonly<Record<string, string>>;
  return Buffer.from(data[name] ?? '', 'base64').toString();
}
