import assert from 'node:assert/strict';
import { seedApp } from '../bench/app-chart.ts';
import { failureOf, sharedRelease } from '../bench/release-cases.ts';
import { startReleasePipeline, type ReleasePipeline } from '../bench/release-pipeline.ts';

const ofJob = 'j0b-s3cret-0123456789';
const ofChart = 'ch4rt-0wn-s3cret-9876543210';

/** What a stranger would like to do to whoever reads it. */
const evil = [
  '##vso[task.setvariable variable=evil]yes',
  '##vso[task.complete result=Succeeded;]done',
  '##[section]not ours',
  '\u001B[31mred\u001B[2J\u001B]0;title\u0007\u202Ereversed',
  '```',
  '~~~',
  '<img src=x onerror=alert(1)> [click](javascript:alert(1)) </details> | # heading',
  `job ${ofJob} chart ${ofChart} encoded ${Buffer.from(ofChart).toString('base64')}`,
  'x'.repeat(100_000),
  'the last line ##vso[task.setvariable variable=evil]yes',
].join('\n');

const files = {
  'templates/secret-of-the-chart.yaml': `apiVersion: v1
kind: Secret
metadata: { name: "{{ .Release.Name }}-own" }
stringData: { token: ${ofChart} }
`,
  'templates/noisy.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}-noisy" }
spec:
  selector: { matchLabels: { app: noisy } }
  template:
    metadata:
      labels: { app: noisy }
      annotations:
        contoso.example/behaviour: crash-loop
        contoso.example/log: ${JSON.stringify(evil)}
    spec: { containers: [{ name: noisy, image: contoso.azurecr.io/noisy:1.0 }] }
`,
  'templates/odd.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}-odd" }
spec:
  selector: { matchLabels: { app: odd } }
  template:
    metadata: { labels: { app: odd }, annotations: { contoso.example/behaviour: command-missing } }
    spec:
      containers:
        - name: odd
          image: contoso.azurecr.io/odd:1.0
          command: [${JSON.stringify(`##vso[task.setvariable variable=evil]yes\u001B[31m ${ofChart}`)}]
`,
};

describe('HelmReleaseDeploy and hostile text of the cluster', () => {
  let shown = '';
  let step: Awaited<ReturnType<ReleasePipeline['deploy']>>;
  const job = { secretVariables: { password: ofJob } };
  const pipeline = sharedRelease(startReleasePipeline, { job }, async (started) => {
    const chart = await seedApp(started, '1.0.0', files);
    tellOfPods(started);
    step = await started.deploy({ chart, setSecret: 'database.password=$(password)', timeout: '8s' });
    const attached = started.job.record.attachments.map(({ content }) => content.toString());
    shown = [...step.log, ...attached].join('\n');
  });

  it('sets nothing and ends nothing', () => {
    failureOf(step);
    assert.equal(pipeline().job.variables.get('evil'), undefined);
    assert.deepEqual(
      Object.keys(step.outputs).filter((name) => name === 'evil'),
      [],
    );
    assert.doesNotMatch(step.log.join('\n'), /^##(?:vso)?\[(?:task\.setvariable variable=evil|section\]not ours)/m);
  });

  it('is readable and bounded, in the log, on the page and in the file', () => {
    assert.match(shown, /the last line/);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(shown, /[\u0000-\u0008\u000B-\u001F\u007F\u202E]/);
    assert.ok(shown.length < 200_000, `${shown.length} characters`);
    for (const page of pipeline().job.record.summaries) {
      const besidesCode = page.replaceAll(/^(`{3,})\w*\n[^]*?^\1$/gm, '');
      assert.doesNotMatch(besidesCode, /<img|[^\\]\]\(javascript|^# heading/m);
    }
  });

  it('gives away no secret of the job and none of the chart', () => {
    for (const secret of [ofJob, ofChart, Buffer.from(ofChart).toString('base64')]) {
      assert.equal(shown.includes(secret), false, shown.slice(Math.max(0, shown.indexOf(secret) - 200)).slice(0, 400));
    }
  });
});

/** Lets somebody tell evil of every pod. */
function tellOfPods({ cluster: { objects } }: ReleasePipeline): void {
  objects.onChange(({ type, object }) => {
    if (type !== 'ADDED' || object.kind !== 'Pod') return;
    const { name, namespace = '', uid = '' } = object.metadata;
    const involvedObject = { apiVersion: 'v1', kind: 'Pod', name, namespace, uid };
    const lastTimestamp = new Date().toISOString();
    const said = { type: 'Warning', reason: '##vso[task.complete]Evil', message: evil, count: 1, lastTimestamp };
    const metadata = { name: `${name}.evil`, namespace, uid: `${uid}-evil` };
    objects.add({ apiVersion: 'v1', kind: 'Event', metadata, involvedObject, ...said });
  });
}
