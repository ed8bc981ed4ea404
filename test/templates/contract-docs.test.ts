import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expandedPipeline } from '../agent/pipelines/expand.ts';
import type { PipelineDocument } from '../agent/pipelines/run/document.ts';
import { readPipeline } from '../agent/pipelines/run/read-document.ts';
import { Contract, stepsOf, taskOf } from './contract.ts';
import { root } from './delivery.ts';
import { blocks, pipelineOf, type BlockPipeline } from './yaml-blocks.ts';

/** Kinds of blocks that are no YAML. */
const otherInfos = ['bash', 'json', 'sh', 'text'];

/** Variables of groups, secret variables and those that the text around speaks of. */
const variables = new Set([
  'chartDigest',
  'cluster',
  'databasePassword',
  'handoffSealKey',
  'imageTag',
  'k8sNamespace',
  'mirrorPassword',
  'projectName',
  'registryServerName',
  'replicas',
  'resourceGroup',
]);

/** Steps that the text around speaks of, beside those of other blocks. */
const steps: readonly (readonly [string, string])[] = [
  ['pushOrders', 'HelmChartPush@1'],
  ['pushPayments', 'HelmChartPush@1'],
];

function expanded({ yaml, parameters }: BlockPipeline): PipelineDocument {
  const folder = mkdtempSync(path.join(tmpdir(), 'block-'));
  try {
    const file = path.join(folder, 'azure-pipelines.yml');
    writeFileSync(file, yaml);
    return readPipeline(expandedPipeline({ file, repositories: new Map([['delivery', root]]), parameters }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the YAML of README and docs', () => {
  // Objects of Kubernetes and files of environments are no pipelines.
  const all = blocks().filter(({ text }) => !/^(?:apiVersion|version): /.test(text));
  const known = new Map<string, string[]>(steps.map(([name, task]) => [name, [task]]));
  const pipelines = new Map<string, BlockPipeline>();
  for (const block of all.filter(({ info }) => info === 'yaml')) {
    const pipeline = pipelineOf(block);
    if (pipeline !== undefined) pipelines.set(block.place, pipeline);
  }
  before(() => {
    for (const pipeline of pipelines.values()) {
      const named = expanded(pipeline).stages.flatMap((stage) => stage.jobs.flatMap((job) => stepsOf(job)));
      for (const step of named) if (step.name) known.set(step.name, [...(known.get(step.name) ?? []), taskOf(step)]);
    }
  });

  it('is all part of a pipeline, and no other block hides YAML', () => {
    const unclear = all.filter(({ place, info }) => !pipelines.has(place) && !otherInfos.includes(info));
    assert.deepEqual(unclear, []);
    assert.ok(pipelines.size > 80, `only ${pipelines.size} blocks`);
  });

  for (const [place, pipeline] of pipelines) {
    it(`${place} fits together`, () => {
      const around = { steps: pipeline.isFragment ? known : new Map<string, string[]>(), variables };
      assert.deepEqual(new Contract(expanded(pipeline), around).faults(), []);
    });
  }
});
