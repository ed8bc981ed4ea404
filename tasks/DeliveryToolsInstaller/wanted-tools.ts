import { TaskError } from '../common/task/outcome.ts';
import { isToolName, type ToolName, toolNames } from '../common/tools/index.ts';
import { filledLines } from '../common/text/lines.ts';

interface WantedTool {
  readonly name: ToolName;
  /** Version, range or `latest`. */
  readonly version: string | undefined;
}

/** Reads lines such as `helm 4.1.4` or `helm >=3.17 <4`. @throws TaskError for another tool, or one that comes twice. */
export function wantedTools(text: string): WantedTool[] {
  const wanted = filledLines(text).map(wantedTool);
  for (const { name } of wanted) {
    if (wanted.filter((other) => other.name === name).length === 1) continue;
    throw new TaskError(`Input tools names ${name} twice; a step installs one version of a tool.`);
  }
  return wanted;
}

function wantedTool(line: string): WantedTool {
  const [, name = '', version = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  if (isToolName(name)) return { name, version: version === '' ? undefined : version };
  throw new TaskError(
    `Input tools has the line '${line}'; a line begins with one of ${toolNames.join(', ')}, and the version may follow.`,
  );
}
