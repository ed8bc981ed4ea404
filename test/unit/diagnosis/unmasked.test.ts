import assert from 'node:assert/strict';
import { crashed } from './sample-pods.ts';
import { deployment, diagnosisOf, ended, pod, running, waiting, web } from './sample-view.ts';

const secret = 's3cr3t-that-nobody-knows';

describe('a diagnosis where the values of the Secrets are not known', () => {
  const probe = { reason: 'Unhealthy', message: `Readiness probe failed: psql: no such user, ${secret}` };
  const hook = { reason: 'FailedPostStartHook', message: `PostStartHook failed: ${secret}` };
  const samples = [
    deployment([crashed(1, { message: `cannot sign in with ${secret}` })], { name: 'crashes' }),
    deployment([
      pod({ status: web(running(), { lastState: ended(137, 'OOMKilled', secret) }), events: [probe, hook] }),
    ]),
  ];

  it('tells nothing that a program may have printed', () => {
    assert.match(JSON.stringify(diagnosisOf(samples)), new RegExp(secret));
    const diagnosis = diagnosisOf(samples, '', { isUnmasked: true });
    assert.doesNotMatch(JSON.stringify(diagnosis), new RegExp(secret));
    assert.deepEqual(
      diagnosis.findings.map(({ cause }) => cause),
      diagnosisOf(samples).findings.map(({ cause }) => cause),
    );
  });

  it('tells what the runtime says', () => {
    const message = 'exec: "/app/srv": stat /app/srv: no such file or directory';
    const sample = deployment([
      pod({ status: web(waiting('RunContainerError'), { lastState: ended(128, 'StartError', message) }) }),
    ]);
    assert.equal(diagnosisOf([sample], '', { isUnmasked: true }).findings[0]?.cause, 'command-missing');
  });
});
