import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import type { StepResult } from '../agent/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { refusalOf } from '../bench/refusal.ts';
import { assertGood, failureOf, sharedRelease, type StartReleases } from '../bench/release-cases.ts';

const schemaFile = path.resolve(import.meta.dirname, '../../docs/diagnosis.schema.json');
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema;
const type = 'helm-delivery.diagnosis';

interface Report {
  readonly release: string;
  readonly revision?: number;
  readonly message: string;
}

/** Declares where people and programs find why a deployment failed: page, file, attachment, errors. */
export function reportsOfDeploy(start: StartReleases): void {
  let chart = '';
  const pipeline = sharedRelease(start, {}, async (started) => {
    chart = await seedApp(started, '1.0.0');
  });
  const attached = () => pipeline().job.record.attachments.filter((each) => each.type === type);
  const lastPage = (): string => (pipeline().job.record.summaries.at(-1) ?? '').replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '');

  /** The report of a step, which fits its schema and is the same as the attachment. */
  function reportOf(step: StepResult): Report {
    const file = step.outputs['diagnosisFile'] ?? '';
    assert.ok(statSync(file).isFile());
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const text = readFileSync(file, 'utf8');
    assert.equal(attached().at(-1)?.content.toString(), text);
    const report = JSON.parse(text) as Report;
    assert.deepEqual(new Validator(schema, '2020-12').validate(report).errors, []);
    return report;
  }

  it('has none of it when all is well', async () => {
    const step = assertGood(await pipeline().deploy({ releaseName: 'report', chart }));
    assert.equal(step.outputs['diagnosisFile'], '');
    assert.deepEqual(attached(), []);
  });

  it('tells why a revision failed that was undone', async () => {
    const values = { setString: 'behaviour=never-ready', timeout: '5s' };
    const step = await pipeline().deploy({ releaseName: 'report', chart, ...values });
    const failed = failureOf(step);
    const report = reportOf(step);
    assert.deepEqual([report.release, report.revision, report.message], ['report', 2, failed]);
    assert.match(lastPage(), /^\*\*Failed\.\*\* Release 'report' .*Rolled back to revision 1/);
    assert.match(lastPage(), /^### When it failed$/m);
    assert.match(lastPage(), /^\| Now \| 3 \| deployed /m);
    assert.equal(attached().at(-1)?.name, 'shop.report.1-1.json');
  });

  it('gives page and outputs where helm refused the chart, and where it was never asked', async () => {
    const { deploy } = pipeline();
    const refused = await deploy({ releaseName: 'report', set: 'replicaCount=some' });
    const message = failureOf(refused);
    assert.equal(reportOf(refused).message, message);
    assert.equal(refused.outputs['releaseStatus'], 'deployed');
    assert.match(lastPage(), /^\| Now \| 3 \| deployed /m);

    const missing = await deploy({
      releaseName: 'report',
      chart: 'oci://contoso.azurecr.io/helm/go-template-app:9.9.9',
    });
    assert.match(refusalOf(missing), /9\.9\.9/);
    assert.match(reportOf(missing).message, /9\.9\.9/);
    assert.match(lastPage(), /^\*\*Failed\.\*\* .*9\.9\.9/);
    assert.equal('revision' in reportOf(missing), false);
  });

  it('leaves the file until the agent empties its folder after the job', async () => {
    const { job, deploy } = pipeline();
    const { outputs } = await deploy({ releaseName: 'report', chart: 'oci://contoso.azurecr.io/helm/none:1.0.0' });
    await job.finish();
    const file = outputs['diagnosisFile'] ?? '';
    assert.ok(existsSync(file));
    assert.equal(path.relative(job.folders.temp, file).startsWith('..'), false);
  });
}
