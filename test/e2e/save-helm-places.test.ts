import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { JobOptions } from '../agent/index.ts';
import { helms, obtainHelms } from '../bench/helms.ts';
import { type Pipeline, startPipeline } from '../bench/pipeline.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

const dependencies = 'dependencies: [{name: common, version: 1.2.0, repository: "planted://x"}]\n';

/** Puts a plugin that leaves a mark into a folder, where helm finds it by the scheme of a dependency. */
function plant(folder: string): () => boolean {
  const mark = path.join(folder, 'it-ran');
  writeFiles(folder, {
    'planted/plugin.yaml':
      'name: planted\nversion: 0.1.0\nusage: x\ndescription: x\ncommand: "true"\n' +
      'downloaders: [{command: bin/get, protocols: [planted]}]\n',
    'planted/bin/get': { program: `#!/bin/sh\ntouch '${mark}'\nexit 1\n` },
  });
  return () => existsSync(mark);
}

describe('HelmChartSave: a helm plugin in the sources', () => {
  obtainHelms();
  let pipeline: Pipeline;
  afterEach(() => pipeline.close());

  async function saveIn(helm: (typeof helms)[number], job: JobOptions, plugins: string) {
    pipeline = await startPipeline({ helm, job });
    const { sources } = pipeline.job.folders;
    const ran = plant(path.resolve(sources, plugins));
    writeFiles(path.join(sources, 'app'), { 'Chart.yaml': chartYaml('app', '1.0.0', dependencies) });
    return { ran, step: await pipeline.run('HelmChartSave', { inputs: { chartPath: 'app' } }) };
  }

  for (const helm of helms) {
    it(`is not run by ${helm} where a variable names it`, async () => {
      const variables = { HELM_PLUGINS: '$(Build.SourcesDirectory)/plugins' };
      const { ran, step } = await saveIn(helm, { variables }, 'plugins');

      assert.equal(ran(), false);
      assert.match(
        step.issues.map(({ message }) => message).join('\n'),
        /^HELM_PLUGINS leads into the sources \(.*plugins\), which may hold anything, so helm does not look there/,
      );
    });

    it(`is not run by ${helm} where its place is relative, as without HOME`, async () => {
      const { ran } = await saveIn(helm, { environment: { HOME: '' } }, '.local/share/helm/plugins');
      assert.equal(ran(), false);
      await pipeline.close();
      const relative = await saveIn(helm, { variables: { XDG_DATA_HOME: 'data' } }, 'data/helm/plugins');
      assert.equal(relative.ran(), false);
      assert.match(relative.step.issues[0]?.message ?? '', /^XDG_DATA_HOME leads into the sources \(data\)/);
    });
  }

  it('is not looked for in a home that is the sources', async () => {
    const variables = { HOME: '$(Build.SourcesDirectory)' };
    const { ran, step } = await saveIn('helm-4.1', { variables }, '.local/share/helm/plugins');
    assert.equal(ran(), false);
    assert.match(step.issues[0]?.message ?? '', /^HOME leads into the sources/);
  });

  it('is run from elsewhere, where the agent keeps it', async () => {
    const variables = { HELM_PLUGINS: '$(Pipeline.Workspace)/plugins' };
    const { ran } = await saveIn('helm-4.1', { variables }, '../plugins');
    assert.equal(ran(), true);
  });
});
