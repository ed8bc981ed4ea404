import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';

const runner = JSON.stringify(path.resolve(import.meta.dirname, '../../../tasks/common/task/run-task.ts'));

const set = (name: string, value: string): string =>
  `(context.setOutput('${name}', ${JSON.stringify(value)}), 'Done.')`;
const foreign = (value: string): string =>
  `(context.setForeignOutput('appVersion', ${JSON.stringify(value)}), 'Done.')`;
const was = (name: string, value: string): RegExp =>
  new RegExp(`##vso\\[task\\.setvariable variable=${name};isOutput=true;issecret=false;\\]${value}$`, 'm');

describe('how a step ends', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'run-task-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What a step prints whose story is this expression of `context`. */
  async function printed(story: string, environment: Record<string, string> = {}): Promise<string> {
    const file = path.join(folder, 'index.js');
    const contents = `import { runTask } from ${runner}; void runTask(() => ({}), async () => async (_inputs, context) => ${story});`;
    await esbuild.build({
      stdin: { contents, resolveDir: import.meta.dirname },
      outfile: file,
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      env: { AGENT_TEMPDIRECTORY: folder, ...environment },
      cwd: folder,
    });
    return stdout;
  }

  it('well, with a sentence alone', async () => {
    const output = await printed(`'All is there.'`);
    assert.match(output, /^All is there\.$/m);
    assert.match(output, /##vso\[task\.complete result=Succeeded;\]All is there\./);
    assert.doesNotMatch(output, /uploadsummary/);
  });

  it('with outputs that scripts can paste', async () => {
    assert.match(await printed(set('chartVersion', '1.2.3+b')), was('chartVersion', '1\\.2\\.3\\+b'));
    assert.match(await printed(set('chartPath', '/my work/ö/a.tgz')), was('chartPath', '/my work/ö/a\\.tgz'));
    assert.match(await printed(set('diagnosisFile', '/my work/d.json')), was('diagnosisFile', '/my work/d\\.json'));
    assert.match(await printed(set('diagnosisFile', '')), was('diagnosisFile', ''));
    assert.match(await printed(foreign('1.2.3')), was('appVersion', '1\\.2\\.3'));
  });

  it('badly, with an output that a script would run, whoever sets it', async () => {
    const outputs = [
      ['chartVersion', '1.0$(id)'],
      ['chartPath', '/a/$(id)/b'],
      ['chartPath', '/a/b";id;"'],
      // Its name was chosen by somebody else, so it is no path of ours.
      ['var_somePath', 'a b'],
      ['image_webPath', 'a b'],
    ] as const;
    for (const [name, value] of outputs) {
      const output = await printed(set(name, value));
      assert.match(output, new RegExp(`task\\.complete result=Failed;\\]The (value|path) for output ${name}`));
      assert.doesNotMatch(output, /task\.setvariable/);
    }
    const variable = await printed(`(context.setPathVariable('KUBECONFIG', '/a/$(id)'), 'Done.')`);
    assert.match(variable, /result=Failed;\]The path for variable KUBECONFIG/);
  });

  it("with a path in the agent's own folder, whatever that is called", async () => {
    const work = '/opt/agents (x86)/_work';
    const output = await printed(set('chartPath', `${work}/1/a.tgz`), { AGENT_WORKFOLDER: work });
    assert.match(output, was('chartPath', '/opt/agents \\(x86\\)/_work/1/a\\.tgz'));
    assert.match(await printed(set('chartPath', `${work}/1/$(id)`), { AGENT_WORKFOLDER: work }), /result=Failed/);
  });

  it('with an empty output and a warning for what a stranger wrote', async () => {
    const output = await printed(foreign('1.0`id`'));
    assert.match(output, was('appVersion', ''));
    assert.match(output, /type=warning;.*Output appVersion stays empty: its value "1\.0`id`" has the character "`"/);
  });

  it('with no secret in its texts, not even a part of one that was cut', async () => {
    const secret = 'Zk3w-9/ä"of-the-job';
    const environment = { SECRET_DBPASSWORD: secret, VSTS_SECRET_VARIABLES: '["dbPassword"]' };
    const base64 = Buffer.from(`contoso:${secret}`).toString('base64');
    const story = `(context.log.info(${JSON.stringify(`${secret} ${base64}`)}), ${JSON.stringify(`Ended with ${secret}.`)})`;
    const output = await printed(story, environment);
    assert.ok(!output.includes('Zk3w'), output);
    assert.match(output, /^\*\*\* Y29udG9zbz.{0,2}\*\*\*.{0,4}$/m);
    assert.match(output, /result=Succeeded;\]Ended with \*\*\*\./);
  });

  it('with issues and a page', async () => {
    const output = await printed(
      `({ message: 'Two of three.', result: 'SucceededWithIssues', summary: { title: 'Deployment', markdown: '# Two' } })`,
    );
    assert.match(output, /##vso\[task\.complete result=SucceededWithIssues;\]Two of three\./);
    const page = /##vso\[task\.uploadsummary\](.+)/.exec(output)?.[1] ?? '';
    assert.equal(path.basename(page), 'Deployment.md');
    assert.equal(readFileSync(page, 'utf8'), '# Two');
  });

  it('without the logs that variables switch on in libraries, which are not masked', async () => {
    const output = await printed(`JSON.stringify([process.env.AZURE_LOG_LEVEL, process.env.DEBUG])`, {
      AZURE_LOG_LEVEL: 'verbose',
      DEBUG: '*',
    });
    assert.match(output, /^\[null,null\]$/m);
  });

  it('badly, when an error in an event reaches nobody, and cleans up', async () => {
    const secret = 'Zk3w-9-of-the-job';
    const environment = { SECRET_DBPASSWORD: secret, VSTS_SECRET_VARIABLES: '["dbPassword"]' };
    const thrown = `throw new Error('##vso[task.prependpath]x ${secret}')`;
    for (const defect of [`setTimeout(() => { ${thrown} })`, `void (async () => { ${thrown} })()`]) {
      const output = await printed(
        `new Promise(() => (context.log.info('kept in ' + context.jobFolder()), context.privateFolder(), ${defect}))`,
        environment,
      );
      assert.match(
        output,
        /##vso\[task\.complete result=Failed;\]Unexpected error: ##_vso\[task\.prependpath\]x \*\*\*/,
      );
      assert.ok(!output.includes('Zk3w'), output);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith('helm-delivery-')),
        [],
      );
    }
  });

  it('badly, with a page that tells why, and keeps nothing for the job', async () => {
    const output = await printed(
      `(context.log.info('kept in ' + context.jobFolder()), { message: 'It failed.', result: 'Failed', summary: { title: 'Why', markdown: 'so' } })`,
    );
    assert.match(output, /##vso\[task\.complete result=Failed;\]It failed\./);
    assert.match(output, /##vso\[task\.uploadsummary\].*Why\.md/);
    const kept = /kept in (.+)/.exec(output)?.[1] ?? '';
    assert.ok(kept.startsWith(folder));
    assert.equal(existsSync(kept), false);
  });

  it('with a file attached that later steps can read, and nobody else', async () => {
    const attachment = { type: 'plan', name: 'a:b/c', fileName: 'plan.json', content: '{}' };
    const output = await printed(`context.addAttachment(${JSON.stringify(attachment)})`);
    const [, file = ''] = /##vso\[task\.addattachment type=plan;name=a-b-c;\](.+)$/m.exec(output) ?? [];
    assert.equal(readFileSync(file, 'utf8'), '{}');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(path.basename(file), 'plan.json');
    assert.match(output, new RegExp(`result=Succeeded;\\]${file}$`, 'm'));
  });
});
