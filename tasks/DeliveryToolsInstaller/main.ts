import path from 'node:path';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { installTool } from '../common/tools/index.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { wantedTools } from './wanted-tools.ts';

/** Installs tools, puts them on PATH for the later steps and tells where they are. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const installed: string[] = [];
  for (const { name, version } of wantedTools(inputs.tools)) {
    const tool = await installTool(name, { version, mirror: given(inputs, 'mirror') }, context);
    context.prependPath(path.dirname(tool.path));
    context.setOutput(`${name}Path`, tool.path);
    installed.push(`${name} ${tool.version}`);
  }
  return `Ready on PATH: ${installed.join(', ')}`;
}
