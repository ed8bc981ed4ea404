import { parseArgs } from 'node:util';
import { expandPipeline } from '../test/agent/pipelines/expand.ts';
import { NotSupported, Refused } from '../test/agent/pipelines/yaml/refusal.ts';

const usage = 'pipeline expand FILE [--root FOLDER] [--repo alias=FOLDER]... [--parameters JSON]';

/** Expands a pipeline: 0 and YAML, 1 and what the service says against it, 2 and what is not played. */
function main(): number {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { root: { type: 'string' }, repo: { type: 'string', multiple: true }, parameters: { type: 'string' } },
  });
  const [command, file, ...others] = positionals;
  if (command !== 'expand' || file === undefined || others.length > 0)
    throw new NotSupported(`this command line; it is: ${usage}`);
  const repositories = new Map((values.repo ?? []).map((text): [string, string] => pair(text)));
  const parameters: unknown = JSON.parse(values.parameters ?? '{}');
  process.stdout.write(
    expandPipeline({ file, repositories, parameters, ...(values.root === undefined ? {} : { root: values.root }) }),
  );
  return 0;
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new NotSupported(`--repo ${text}; it is alias=FOLDER`);
  return [text.slice(0, at), text.slice(at + 1)];
}

try {
  process.exitCode = main();
} catch (error) {
  process.exitCode = error instanceof Refused ? 1 : 2;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
