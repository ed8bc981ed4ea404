import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { YamlCheck } from '../../scripts/check-yaml/findings.ts';
import { extendSchema, readSchema } from '../../scripts/check-yaml/service-schema.ts';
import { readTasks } from '../../scripts/generate/task-json.ts';

/** A schema in the form of the service's, with one task. */
const smallSchema = JSON.stringify({
  $ref: '#/definitions/pipeline',
  definitions: {
    pipeline: {
      type: 'object',
      properties: {
        trigger: { $ref: '#/definitions/trigger' },
        steps: { type: 'array', items: { $ref: '#/definitions/task' } },
      },
      additionalProperties: false,
    },
    trigger: { anyOf: [{ type: 'string', pattern: '^none$' }] },
    pr: { anyOf: [{ type: 'string', pattern: '^none$' }] },
    task: {
      type: 'object',
      properties: { task: { anyOf: [{ enum: ['Bash@3'] }] }, name: { type: 'string' }, inputs: { type: 'object' } },
      additionalProperties: false,
      firstProperty: ['task'],
      anyOf: [
        {
          properties: {
            task: { pattern: '^Bash@3$' },
            inputs: { type: 'object', properties: { script: {} }, additionalProperties: false },
          },
          required: ['task'],
        },
      ],
    },
  },
});

function findings(...lines: readonly string[]): Promise<string[]> {
  const schema = readSchema(smallSchema);
  extendSchema(schema, readTasks());
  return new YamlCheck(schema).findings('ci.yml', lines.join('\n'));
}

const push = (input: string): Promise<string[]> =>
  findings('steps:', '  - task: HelmChartPush@1', '    inputs:', `      ${input}`);

describe('the check of YAML', () => {
  it('finds nothing in what the schema and task.json allow', async () => {
    assert.deepEqual(
      await findings('trigger: none', 'steps:', '  - task: Bash@3', '    inputs:', '      script: ls'),
      [],
    );
    assert.deepEqual(await push('registry: contoso.azurecr.io'), []);
  });

  it('finds a key that the schema does not have, with its place', async () => {
    assert.deepEqual(await findings('trigger: none', 'stepz: []'), ['ci.yml:2:1: Unexpected property stepz']);
  });

  it('finds an input that task.json does not have', async () => {
    assert.deepEqual(await push('regsitry: contoso.azurecr.io'), ['ci.yml:4:7: Unexpected property regsitry']);
  });

  it('finds a task that nobody has', async () => {
    const found = await findings('steps:', '  - task: HelmChartPush@9');
    assert.match(found.join('\n'), /^ci\.yml:2:11: Value is not accepted\. .*"HelmChartPush@1"/m);
  });

  it('finds a value that the pick list of an input does not have, unless an expression or a macro makes it', async () => {
    const [found = '', ...others] = await push('ifExists: replace');
    assert.match(
      found,
      /^ci\.yml:4:17: Value is not accepted\. Valid values: "fail", "skipIfIdentical", "overwrite"\.$/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(await push('ifExists: ${{ parameters.ifExists }}'), []);
    assert.deepEqual(await push('ifExists: $(ifExists)'), []);
  });

  it('looks into the body of an expression', async () => {
    const body = ['  - ${{ if true }}:', '      - task: HelmChartPush@1', '        inputs:', '          regsitry: x'];
    assert.deepEqual(await findings('steps:', ...body), ['ci.yml:5:11: Unexpected property regsitry']);
  });

  it('leaves out the step that makes the service say an error', async () => {
    assert.deepEqual(await findings('steps:', "  - 'registry is empty': Error"), []);
    assert.notDeepEqual(await findings('steps:', "  - 'registry is empty': Warning"), []);
  });

  it('takes the steps and triggers that only the preview writes', async () => {
    const download = ['  - task: 30f35852-3f7e-4c0c-9a88-e127b4f97211@1', '    inputs:', '      alias: ci'];
    assert.deepEqual(await findings('trigger:', '  enabled: false', 'steps:', ...download), []);
    assert.notDeepEqual(await findings('trigger:', '  enabled: maybe'), []);
  });

  it('refuses a schema of something else', () => {
    assert.throws(() => readSchema('{"definitions": {}}'), { message: /lacks the definitions task, trigger and pr/ });
  });
});

describe('npm run check:yaml', () => {
  const script = path.resolve(import.meta.dirname, '../../scripts/check-yaml.ts');
  const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['--import=tsx', script, ...args], { encoding: 'utf8' });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'schema-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const schemaFile = (text: string): string => {
    const file = path.join(folder, 'schema.json');
    writeFileSync(file, text);
    return file;
  };

  it('says that nothing was checked without a schema', () => {
    const { status, stdout } = run();
    assert.match(stdout, /^not checked: /);
    assert.equal(status, 0);
  });

  it('checks every template and the expanded examples, and fails with what it finds', () => {
    const { status, stdout } = run(schemaFile(smallSchema));
    assert.match(stdout, /^templates\/stages\/publish-chart\.yml:\d+:\d+: Unexpected property parameters$/m);
    assert.match(stdout, /^templates\/examples\/cd\.yml \(expanded\):\d+:\d+: Unexpected property stages$/m);
    assert.equal(status, 1);
  });

  it('passes where the schema allows all', () => {
    const any = {
      definitions: {
        task: { properties: { task: { anyOf: [] } }, anyOf: [] },
        trigger: { anyOf: [] },
        pr: { anyOf: [] },
      },
    };
    const { status, stdout } = run(schemaFile(JSON.stringify(any)));
    assert.match(stdout, /^\d+ files checked, 0 findings\n$/);
    assert.equal(status, 0);
  });

  it('tells what is wrong with the schema', () => {
    const { status, stderr } = run(schemaFile('[]'));
    assert.match(stderr, /schema\.json is no schema of pipelines: it lacks the definitions task, trigger and pr/);
    assert.equal(status, 1);
  });
});
