import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expandPipeline } from '../test/agent/pipelines/expand.ts';
import { YamlCheck } from './check-yaml/findings.ts';
import { extendSchema, readSchema, type ServiceSchema } from './check-yaml/service-schema.ts';
import { readTasks, root } from './generate/task-json.ts';

const templates = path.join(root, 'templates');

/** The examples that are pipelines, with the parameters that people choose when they start them. */
const entries: Readonly<Record<string, unknown>> = {
  ci: {},
  cd: {},
  environments: {},
  rollback: { environment: 'qa' },
};

/** The files to check by name: the templates and examples as written, and the examples as the service expands them. */
function files(): Map<string, string> {
  const written = readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name): [string, string] => [`templates/${name}`, readFileSync(path.join(templates, name), 'utf8')]);
  const repositories = new Map([['delivery', root]]);
  const expanded = Object.entries(entries).map(([name, parameters]): [string, string] => {
    const file = path.join(templates, 'examples', `${name}.yml`);
    return [`templates/examples/${name}.yml (expanded)`, expandPipeline({ file, repositories, parameters })];
  });
  return new Map([...written, ...expanded]);
}

function schemaIn(file: string): ServiceSchema {
  try {
    return readSchema(readFileSync(file, 'utf8'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} is no schema of pipelines: ${cause}`, { cause: error });
  }
}

/** Prints what the service's schema says against the templates and examples; 1 when there is something, else 0. */
async function main(schemaFile: string | undefined): Promise<number> {
  if (schemaFile === undefined) {
    console.log('not checked: give the path of the schema, npm run check:yaml -- service-schema.json');
    return 0;
  }
  const schema = schemaIn(schemaFile);
  extendSchema(schema, readTasks());
  const check = new YamlCheck(schema);
  const checked = files();
  const findings: string[] = [];
  for (const [name, text] of checked) findings.push(...(await check.findings(name, text)));
  for (const finding of findings) console.log(finding);
  console.log(`${checked.size} files checked, ${findings.length} findings`);
  return findings.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
