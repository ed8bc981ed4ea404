import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry } from '../azure/index.ts';
import { download, finishedRun, startDeployment } from '../bench/deployment.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const digestOf = (text: string | Buffer): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const odd = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x3a, 0x20, 0xff, 0x0d, 0x0a]);
const files = { 'deploy/values/qa.yaml': 'replicas: 1\r\n', 'deploy/values/ü ber.yaml': odd, 'values.yaml': '' };

interface Listed {
  path: string;
  size: number;
  digest: string;
}
type Handed = Record<string, Buffer>;

describe('The files of a handoff', () => {
  let azure: Azure;
  let registry: EmulatedRegistry;
  let chartDigest: string;
  let ci: Pipeline;
  let cd: Pipeline;
  let runId = 703;

  before(async () => {
    azure = await startAzure();
    registry = azure.registry(loginServer);
    chartDigest = await registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: Buffer.from('chart') });
  });
  after(() => azure.close());
  beforeEach(async () => {
    const variables = { 'System.TeamProjectId': azure.job.projectId, 'Build.BuildId': String((runId += 1)) };
    const secretVariables = { dbPassword: 'Trout-Lagoon-91' };
    ci = await startPipelineOn(azure, registry, { helm: null, job: { variables, secretVariables } });
    for (const [name, content] of Object.entries(files)) write(name, content);
  });
  afterEach(async () => {
    await ci.close();
  });

  function write(name: string, content: string | Buffer): void {
    const file = path.join(ci.job.folders.sources, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  const publish = (patterns: string): Promise<StepResult> =>
    ci.run('HandoffPublish', {
      name: 'publish',
      condition: 'always()',
      inputs: {
        chartDigestRef: `oci://${loginServer}/helm/app@${chartDigest}`,
        chartVersion: '1.2.3',
        files: patterns,
      },
    });

  async function refused(patterns: string, reason: RegExp): Promise<void> {
    const step = await publish(patterns);
    assert.match(refusalOf(step), reason);
    assert.deepEqual(ci.job.secretLeaks(step), []);
    assert.deepEqual(ci.job.record.artifacts, []);
  }

  /** What a run published. */
  async function published(patterns = '**/*.yaml'): Promise<Handed> {
    const step = await publish(patterns);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    const artifact = finishedRun(azure, ci.job).artifacts.at(-1);
    return Object.fromEntries(
      Object.entries(artifact?.files ?? {}).map(([name, content]) => [name, Buffer.from(content)]),
    );
  }

  /** Imports an artifact as it is, downloaded or through the REST API. */
  async function imported(sent: Handed, isDownloaded: boolean): Promise<StepResult> {
    const { run: written } = JSON.parse(String(sent['variables.json'])) as { run: { pipelineId: number } };
    const run = azure.pipelineRuns.add({ projectId: azure.job.projectId, ...written, id: (runId += 1) });
    const handed = changed(sent, { run: { ...written, runId } });
    run.artifacts.push({ name: 'build-artifact', kind: 'PipelineArtifact', files: handed });
    cd = await startDeployment(azure, registry, run);
    if (isDownloaded) download(cd.job, 'build-artifact', handed);
    return cd.run('HandoffImport', { name: 'handoff', inputs: { allowedBranches: '*' }, condition: 'always()' });
  }

  for (const isDownloaded of [true, false]) {
    describe(isDownloaded ? 'that were downloaded' : 'that are fetched', () => {
      afterEach(() => cd.close());

      it('arrive with their bytes and folders, for this job alone and until its end', async () => {
        const handed = await published();
        const step = await imported(handed, isDownloaded);
        assert.equal(step.result, 'Succeeded', step.log.join('\n'));
        const folder = step.outputs['filesPath'] ?? '';
        for (const [name, content] of Object.entries(files)) {
          assert.deepEqual(readFileSync(path.join(folder, name)), Buffer.from(content));
        }
        assert.equal(statSync(path.dirname(folder)).mode & 0o077, 0);
        await cd.job.finish();
        assert.ok(!existsSync(folder));
      });

      it('are refused when one was changed, exchanged or left out', async () => {
        const handed = await published();
        const qa = 'files/deploy/values/qa.yaml';
        const longer = await imported({ ...handed, [qa]: Buffer.from('replicas: 9000\r\n') }, isDownloaded);
        assert.match(
          refusalOf(longer),
          /qa\.yaml" in the artifact is sha256:.*16 bytes.*somebody changed the one or the other/,
        );
        await cd.close();
        const huge = await imported({ ...handed, [qa]: Buffer.alloc(1_000_000) }, isDownloaded);
        assert.match(refusalOf(huge), /has more than the 65549 bytes|has 1000000 bytes; it should have at most 65549/);
        await cd.close();
        const other = await imported({ ...handed, [qa]: Buffer.from('replicas: 9\r\n') }, isDownloaded);
        assert.match(refusalOf(other), /files\/deploy\/values\/qa\.yaml" in the artifact is sha256:.*13 bytes/);
        await cd.close();
        const { [qa]: _gone, ...rest } = handed;
        assert.match(
          refusalOf(await imported(rest, isDownloaded)),
          /The artifact has no file "files\/deploy\/values\/qa/,
        );
        assert.deepEqual(cd.job.record.artifacts, []);
      });

      for (const bad of [
        '../outside.yaml',
        '/etc/passwd',
        'C:/a',
        'a\\..\\b',
        'a//b',
        '.git/config',
        'con.yaml',
        'a\n##vso[x]',
      ]) {
        it(`are refused when the list has ${JSON.stringify(bad)}`, async () => {
          const handed = await published('values.yaml');
          const list = [entry(bad)];
          assert.match(refusalOf(await imported(withList(handed, list), isDownloaded)), /list of files holds/);
        });
      }

      it('are refused when two are one file on Windows or macOS, or they are too large together', async () => {
        const handed = await published('values.yaml');
        const twins = withList(handed, [entry('a/b.yaml'), entry('A/b.yaml')]);
        assert.match(refusalOf(await imported(twins, isDownloaded)), /one file on Windows and macOS/);
        await cd.close();
        const large = Array.from({ length: 3 }, (_, index) => entry(`${index}`, 4 * 1024 * 1024));
        assert.match(refusalOf(await imported(withList(handed, large), isDownloaded)), /at most 8388608/);
      });
    });
  }

  it('are refused when a link stands in the place of a downloaded one', async () => {
    const handed = await published('values.yaml');
    await imported(handed, true);
    const file = path.join(cd.job.variables.get('Pipeline.Workspace') ?? '', 'ci/build-artifact/files/values.yaml');
    writeFileSync(`${file}.other`, '');
    rmSync(file);
    symlinkSync(`${file}.other`, file);
    const step = await cd.run('HandoffImport', {
      name: 'again',
      inputs: { allowedBranches: '*' },
      condition: 'always()',
    });
    assert.match(refusalOf(step), /values\.yaml is a link/);
    await cd.close();
  });

  it('are listed with size and SHA-256, and shown in the summary of the run', async () => {
    const handed = await published('deploy/**\n!**/*ber.yaml');
    assert.deepEqual(Object.keys(handed).sort(), ['files/deploy/values/qa.yaml', 'variables.json']);
    const { files: listed } = JSON.parse(String(handed['variables.json'])) as { files: Listed[] };
    const content = files['deploy/values/qa.yaml'];
    assert.deepEqual(listed, [{ path: 'deploy/values/qa.yaml', size: 13, digest: digestOf(content) }]);
    assert.match(ci.job.record.summaries.at(-1) ?? '', /File \| deploy\\\/values\\\/qa\\\.yaml \| sha256/);
  });

  it('leave nothing of an earlier step in the artifact', async () => {
    await published('**/*.yaml');
    const again = await publish('values.yaml');
    assert.equal(again.result, 'Succeeded');
    const folder = path.dirname(again.outputs['handoffPath'] ?? '');
    assert.ok(existsSync(path.join(folder, 'files/values.yaml')) && !existsSync(path.join(folder, 'files/deploy')));
  });

  it('are refused where a pattern finds nothing, and told what to give instead of a folder', async () => {
    await refused('values.yaml\ndeploy/vales/*.yaml', /No file matches line "deploy\/vales\/\*\.yaml" of input files/);
    await refused('deploy/values', /Line "deploy\/values" of input files names a folder: .*deploy\/values\/\*\*/);
  });

  it('are refused outside of the sources, as links, and when they are too large', async () => {
    writeFileSync(path.join(ci.job.folders.temp, 'secure.yaml'), 'a: 1');
    await refused(path.join(ci.job.folders.temp, 'secure.yaml'), /lies outside of the sources/);
    symlinkSync(path.join(ci.job.folders.temp, 'secure.yaml'), path.join(ci.job.folders.sources, 'link.yaml'));
    await refused('link.yaml', /link\.yaml is a link/);
    write('large.yaml', Buffer.alloc(4 * 1024 * 1024 + 1));
    await refused('large.yaml', /more than the 4194304 bytes/);
    write('.git/config', '[remote]');
    await refused('.git/*', /one of git's own files/);
  });

  it('are refused when one holds a secret of the job, in whatever form', async () => {
    write('plain.yaml', 'password: Trout-Lagoon-91\n');
    await refused('plain.yaml', /file plain\.yaml holds .*dbPassword/);
    write('encoded.yaml', `password: ${Buffer.from('Trout-Lagoon-91').toString('base64')}\n`);
    await refused('encoded.yaml', /file encoded\.yaml holds .*dbPassword/);
    const filler = randomBytes(1_000_000).toString('base64');
    write('large.yaml', `${filler}\npassword: ${Buffer.from('a:Trout-Lagoon-91').toString('base64')}\n`);
    await refused('large.yaml', /file large\.yaml holds .*dbPassword/);
  });

  it('are refused beside what somebody else put into the folder of the artifact', async () => {
    const staging = path.join(ci.job.variables.get('Build.ArtifactStagingDirectory') ?? '', 'build-artifact');
    mkdirSync(staging, { recursive: true });
    writeFileSync(path.join(staging, 'report.txt'), 'x');
    await refused('values.yaml', /holds report\.txt, which would be published with the handoff/);
  });
});

const entry = (name: string, size = 0): Listed => ({ path: name, size, digest: digestOf('') });

const withList = (handed: Handed, list: readonly Listed[]): Handed => changed(handed, { files: list });

function changed(handed: Handed, members: object): Handed {
  const handoff = JSON.parse(String(handed['variables.json'])) as object;
  return { ...handed, 'variables.json': Buffer.from(JSON.stringify({ ...handoff, ...members })) };
}
