import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../../test/agent/index.ts';
import { loginServer, type Pipeline } from '../../test/bench/pipeline.ts';
import { programs, realProgram, type ProgramId } from '../../test/real/index.ts';
import { runProgram } from '../../test/bench/run-program.ts';
import { chapter, detail, event } from './timeline.ts';

const helms: readonly ProgramId[] = ['helm-3.17', 'helm-4.1', 'helm-4.2'];
const reader = { username: 'reader', password: 'a-repository-scoped-token' };

/** Real helms, signed in with a token of the registry, pull what the tasks pushed and render it. */
export async function proveWithRealHelm(pipeline: Pipeline, pushed: StepResult): Promise<void> {
  chapter('Real helm finds the same bytes there');
  pipeline.registry.settings.tokens = [{ ...reader, scopeMap: { 'helm/*': ['pull'] } }];
  const { chartVersion = '', chartDigestRef = '' } = pushed.outputs;
  const saved = digestOf(pipeline.job.folders.staging, `go-template-app-${chartVersion}.tgz`);
  for (const id of helms) {
    const helm = await signedIn(pipeline, id);
    const repository = `oci://${loginServer}/helm/go-template-app`;
    const byVersion = await helm.pull(repository, '--version', chartVersion);
    const byDigest = await helm.pull(chartDigestRef);
    if (byVersion !== saved || byDigest !== saved) throw new Error(`helm ${id} pulled other bytes than were saved.`);
    const rendered = await helm.template(chartDigestRef);
    const kinds = new Set([...rendered.matchAll(/^kind: (\w+)/gm)].map((match) => match[1] ?? ''));
    detail('kinds', [...kinds].join(', '));
  }
}

interface SignedInHelm {
  /** Pulls and returns the archive's digest. */
  pull(...args: string[]): Promise<string>;
  template(reference: string): Promise<string>;
}

async function signedIn(pipeline: Pipeline, id: ProgramId): Promise<SignedInHelm> {
  const program = await realProgram(id);
  const home = mkdtempSync(path.join(pipeline.job.folders.temp, `${id}-`));
  const env = {
    ...pipeline.azure.environment,
    PATH: process.env['PATH'],
    HOME: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
  };
  const helm = async (what: string, args: readonly string[], stdin = ''): Promise<string> => {
    const started = Date.now();
    const output = await runProgram(program, args, env, stdin);
    event(`helm ${programs[id].version}  ${what}`, Date.now() - started, 'ok');
    return output;
  };
  await helm(
    'registry login',
    ['registry', 'login', loginServer, '--username', reader.username, '--password-stdin'],
    reader.password,
  );
  let pulls = 0;
  return {
    async pull(...args) {
      const folder = path.join(home, `pull-${++pulls}`);
      mkdirSync(folder);
      await helm(args.includes('--version') ? 'pull by version' : 'pull by digest', [
        'pull',
        ...args,
        '--destination',
        folder,
      ]);
      return digestOf(folder, readdirSync(folder)[0] ?? '');
    },
    template: (reference) => helm('template from the digest', ['template', 'demo', reference]),
  };
}

function digestOf(folder: string, file: string): string {
  return createHash('sha256')
    .update(readFileSync(path.join(folder, file)))
    .digest('hex');
}
