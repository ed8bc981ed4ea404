import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { printing, workbench } from './workbench.ts';

describe('a step that uploads', () => {
  const bench = workbench();

  it('puts summaries, files and tags on the run', async () => {
    const job = await bench.job();
    const file = path.join(job.folders.temp, 'plan.md');
    await writeFile(file, '# Plan');
    const lines = [
      `task.uploadsummary]${file}`,
      `task.uploadfile]${file}`,
      `task.addattachment type=plan;name=shop 1]${file}`,
      'build.addbuildtag]v1',
      'build.updatebuildnumber]7',
    ];
    const step = await job.runTask({ task: await bench.task(printing(...lines.map((line) => `##vso[${line}`))) });
    assert.deepEqual(step.violations, []);
    assert.deepEqual(job.record.summaries, ['# Plan']);
    assert.deepEqual(
      job.record.attachments.map(({ name }) => name),
      ['plan.md', 'plan.md', 'shop 1'],
    );
    assert.deepEqual([job.record.buildTags, job.variables.get('Build.BuildNumber')], [['v1'], '7']);
  });

  it('hands results of tests over, by their format', async () => {
    const job = await bench.job();
    const file = path.join(job.folders.temp, 'results.xml');
    await writeFile(file, '<testsuites/>');
    const line = `##vso[results.publish type=JUnit;runTitle=Policies;resultFiles=${file}]`;
    const step = await job.runTask({ task: await bench.task(printing(line)) });
    assert.deepEqual([step.result, step.violations], ['Succeeded', []]);
    assert.deepEqual(
      job.record.testResults.map(({ format, title, files }) => [format, title, String([...files.values()])]),
      [['JUnit', 'Policies', '<testsuites/>']],
    );
  });

  it('copies artifacts, files and folders alike', async () => {
    const job = await bench.job();
    const folder = path.join(job.folders.staging, 'out');
    await mkdir(path.join(folder, 'sub'), { recursive: true });
    await writeFile(path.join(folder, 'sub', 'a.txt'), 'A');
    await writeFile(path.join(job.folders.staging, 'b.txt'), 'B');
    const upload = '##vso[artifact.upload containerfolder=build-artifact;artifactname=build-artifact]';
    const script = printing(upload + folder, upload + path.join(job.folders.staging, 'b.txt'));
    const step = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual([step.result, job.record.artifacts.length], ['Succeeded', 1]);
    const [{ name, location } = assert.fail('no artifact')] = job.record.artifacts;
    assert.equal(name, 'build-artifact');
    assert.equal(await readFile(path.join(location, 'sub', 'a.txt'), 'utf8'), 'A');
    assert.equal(await readFile(path.join(location, 'b.txt'), 'utf8'), 'B');
  });

  for (const line of [
    'task.uploadsummary]/nowhere.md',
    'task.addattachment type=t]/nowhere',
    `task.addattachment type=t]${import.meta.filename}`,
    `task.addattachment name=n]${import.meta.filename}`,
    `task.addattachment type=t;name=a:b]${import.meta.filename}`,
    'results.publish type=JUnit;resultFiles=/nowhere.xml]',
    `results.publish type=Excel;resultFiles=${import.meta.filename}]`,
    'artifact.upload artifactname=a]/nowhere',
    'artifact.upload]/tmp',
  ]) {
    it(`fails by '${line}'`, async () => {
      const job = await bench.job();
      const step = await job.runTask({ task: await bench.task(printing(`##vso[${line}`)) });
      assert.equal(step.result, 'Failed');
    });
  }
});
