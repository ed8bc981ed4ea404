import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goYamlText } from '../../../tasks/common/go/write-yaml.ts';
import { realProgram } from '../../real/index.ts';

/** Texts that YAML 1.1 or 1.2 takes for something else, or that have marks, breaks or nothing in them. */
const words =
  'yes No on y n true null ~ << = 1_000 0777 0o7 0b11 0x1F 1:30 1e5 .5_0 .inf 2001-01-01 # " \\ {} [ &a *a !t % @ `';
const others = ['', "'", '- a', 'a: b', 'a\nb\n', ' c ', 'd\t', 'e\u0085f', 'g\u2028h', '\ufeffi', 'j\u007fk', 'ä💣'];
const texts = [...words.split(' '), ...others, 'x'.repeat(3000)];

describe('YAML for programs of Go', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'write-yaml-'));
  after(() => rmSync(folder, { recursive: true }));

  it('says what was meant, as kubectl reads it', async () => {
    const kubectl = await realProgram('kubectl');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: 'kubelogin',
      args: texts,
      env: texts.map((value) => ({ name: 'NAME', value })),
    };
    const file = path.join(folder, 'kubeconfig');
    writeFileSync(file, goYamlText({ apiVersion: 'v1', kind: 'Config', users: [{ name: 'yes', user: { exec } }] }));
    const args = ['config', 'view', '--raw', '--output=json', `--kubeconfig=${file}`];
    const read = JSON.parse(execFileSync(kubectl, args, { encoding: 'utf8' })) as {
      users: [{ name: string; user: { exec: typeof exec } }];
    };
    const [{ name, user }] = read.users;
    assert.equal(name, 'yes');
    assert.deepEqual(user.exec.args, texts);
    assert.deepEqual(
      user.exec.env.map(({ value }) => value),
      texts,
    );
  });
});
