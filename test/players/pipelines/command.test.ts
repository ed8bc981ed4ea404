import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../../..');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs the command on a pipeline; `#` in the options is the folder that holds it. */
function expand(pipeline: string, ...options: string[]): Ended {
  const folder = mkdtempSync(path.join(tmpdir(), 'expand-'));
  try {
    writeFileSync(path.join(folder, 'azure-pipelines.yml'), pipeline);
    writeFileSync(path.join(folder, 't.yml'), 'steps:\n- script: shared\n');
    const file = path.join(folder, 'azure-pipelines.yml');
    const all = ['--import', 'tsx', 'scripts/pipeline.ts', 'expand', file, ...options];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      all.map((option) => option.replace('#', folder)),
      { cwd: root, encoding: 'utf8' },
    );
    return { code: status, out: stdout, errors: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the command that expands pipelines', () => {
  it('prints YAML and ends with 0', () => {
    const text =
      "parameters:\n- name: p\nresources:\n  repositories:\n  - repository: lib\n    type: git\n    name: contoso/lib\nsteps:\n- script: ${{ parameters.p }} ${{ variables['System.TeamProject'] }}\n- template: t.yml@lib\n";
    const { code, out, errors } = expand(
      text,
      '--repo',
      'lib=#',
      '--parameters',
      '{"p":"x"}',
      '--variables',
      '{"System.TeamProject":"orders"}',
    );
    assert.equal(errors, '');
    assert.equal(code, 0);
    assert.match(out, /script: x orders\n/);
    assert.match(out, /script: shared\n/);
  });
  it("gives the service's words on standard error and ends with 1", () => {
    const { code, out, errors } = expand('steps:\n- foo: 1\n');
    assert.deepEqual([code, out], [1, '']);
    assert.equal(errors, "/azure-pipelines.yml (Line: 2, Col: 3): Unexpected value 'foo'\n");
  });
  it('names what it does not play and ends with 2', () => {
    const { code, out, errors } = expand("steps:\n- script: ${{ variables['System.TeamProject'] }}\n");
    assert.deepEqual([code, out], [2, '']);
    assert.match(errors, /^not supported: the predefined variable 'System.TeamProject'/);
  });
  it('shows no stack of a fault that is none of the pipeline', () => {
    const { code, out, errors } = expand('steps: []\n', '--approve');
    assert.deepEqual([code, out], [2, '']);
    assert.match(errors, /^not supported: Unknown option '--approve'[^\n]*\n$/);
  });
  it('says what an option is', () => {
    const { code, errors } = expand('steps: []\n', '--parameters', '{p');
    assert.deepEqual([code, errors], [2, 'not supported: --parameters {p; it is a JSON object\n']);
  });
});
