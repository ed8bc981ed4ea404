import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureTool, type ToolName } from '../../../tasks/common/tools/index.ts';
import { programs, realProgram, type ProgramId } from '../../real/index.ts';
import { workbench, type Workbench } from './workbench.ts';

const exec = (tool: string, args: readonly string[]) => promisify(execFile)(tool, args);

describe('The version that a real tool tells', () => {
  let bench: Workbench;
  const { PATH } = process.env;
  before(async () => {
    bench = await workbench();
  });
  afterEach(() => {
    process.env['PATH'] = PATH;
  });
  after(() => bench.close());

  const tools: readonly [ToolName, ProgramId][] = [
    ['helm', 'helm-3.17'],
    ['helm', 'helm-4.2'],
    ['kubectl', 'kubectl'],
    ['kubelogin', 'kubelogin'],
    ['kyverno', 'kyverno'],
    ['gator', 'gator'],
  ];
  for (const [name, id] of tools) {
    it(`is understood of ${name} ${programs[id].version}`, async () => {
      const program = await realProgram(id);
      process.env['PATH'] = path.dirname(program);

      const found = await ensureTool(name, programs[id].version, { ...bench.context, exec });

      assert.deepEqual(found, { path: program, version: programs[id].version });
    });
  }
});
