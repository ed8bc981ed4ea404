import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PipelineSteps, TaskCatalogue } from '../../../agent/steps/index.ts';
import type { RunIdentity, StoredArtifact } from '../../../agent/pipelines/run/service.ts';
import { jobOf, linesOf, play } from './playing.ts';
import { SmallService } from './small-service.ts';

/** It keeps what steps publish. */
class ArtifactService extends SmallService {
  readonly #kept: StoredArtifact[] = [];

  override publish(_run: RunIdentity, artifact: StoredArtifact): void {
    this.#kept.push(artifact);
  }

  override artifacts(): readonly StoredArtifact[] {
    return this.#kept;
  }
}

const steps = new PipelineSteps(new TaskCatalogue([], { publisher: 'contoso', id: 'tasks' }));

describe('the steps of a run', () => {
  it('have the sources in jobs, and artifacts in the deploy hooks of later stages', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sources-'));
    try {
      await writeFile(path.join(folder, 'values.yaml'), 'replicaCount: 2\n');
      const text = `
stages:
- stage: build
  jobs:
  - job: work
    steps:
    - publish: $(Build.SourcesDirectory)/values.yaml
      artifact: settings
- stage: qa
  jobs:
  - deployment: orders
    environment: qa
    strategy:
      runOnce:
        preDeploy: {steps: [{bash: 'ls $(Pipeline.Workspace)/settings || echo nothing yet'}]}
        deploy: {steps: [{bash: 'cat $(Pipeline.Workspace)/settings/values.yaml; ls $(Build.SourcesDirectory)'}]}
`;
      const service = new ArtifactService({ environments: ['qa'] });
      const repositories = [{ alias: 'self', name: 'orders', folder }];
      const record = await play(text, { service, steps, repositories });
      assert.equal(record.result, 'Succeeded');
      assert.deepEqual(
        record.artifacts.map(({ name }) => name),
        ['settings'],
      );
      const lines = linesOf(jobOf(record, 'orders', 'qa'));
      assert.ok(lines.includes('nothing yet'), lines.join('\n'));
      assert.equal(lines.at(-1), 'replicaCount: 2');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
