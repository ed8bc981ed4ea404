import { parseArgs } from 'node:util';
import { expandPipeline } from '../test/agent/pipelines/expand.ts';
import { NotSupported, Refused } from '../test/agent/pipelines/yaml/refusal.ts';

const options = '[--root FOLDER] [--repo alias=FOLDER]... [--parameters JSON] [--variables JSON]';
const usage = `pipeline expand FILE ${options}, or pipeline run FILE ${options} [--start STAGE]...`;

/** Expands or plays a pipeline: 0 and YAML or its story, 1 and what the service says against it, 2 and what is not played. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      root: { type: 'string' },
      repo: { type: 'string', multiple: true },
      parameters: { type: 'string' },
      variables: { type: 'string' },
      start: { type: 'string', multiple: true },
    },
  });
  const [command, file, ...others] = positionals;
  const { root, start = [] } = values;
  const isKnown = command === 'run' || (command === 'expand' && start.length === 0);
  if (!isKnown || file === undefined || others.length > 0) throw new NotSupported(`this command line; it is: ${usage}`);
  const repositories = new Map((values.repo ?? []).map((text): [string, string] => pair(text)));
  const parameters = jsonOf('--parameters', values.parameters);
  const variables = variablesOf(jsonOf('--variables', values.variables));
  const expansion = { file, repositories, parameters, variables, ...(root === undefined ? {} : { root }) };
  if (command === 'run') {
    const { runFile } = await import('./pipeline/run.ts');
    return runFile(expansion, start);
  }
  process.stdout.write(expandPipeline(expansion));
  return 0;
}

function jsonOf(option: string, text = '{}'): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new NotSupported(`${option} ${text}; it is a JSON object`);
  }
}

/** Predefined variables, as `{"System.TeamProject": "orders"}`. */
function variablesOf(value: unknown): Record<string, string> {
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(pairs.map(([name, text]) => [name, String(text)]));
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new NotSupported(`--repo ${text}; it is alias=FOLDER`);
  return [text.slice(0, at), text.slice(at + 1)];
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = error instanceof Refused ? 1 : 2;
  const isKnown = error instanceof Refused || error instanceof NotSupported;
  const message = error instanceof Error ? error.message : String(error);
  // A fault of the player's own is none of the pipeline's: nobody may take it for the service's word.
  process.stderr.write(isKnown ? `${message}\n` : `not supported: ${message}\n`);
}
