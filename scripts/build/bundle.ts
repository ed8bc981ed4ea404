import { statSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../generate/task-json.ts';
import { slimDevOpsClient } from './slim-devops-client.ts';
import { slimTaskLib } from './slim-task-lib.ts';

export interface Bundle {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly warnings: readonly string[];
  /** Folders of the packages in it, relative to the project, such as `node_modules/yaml`. */
  readonly packages: readonly string[];
  /** Source files in it, relative to the project. */
  readonly sources: readonly string[];
  /** Modules that it requires when it runs. */
  readonly required: readonly string[];
}

/**
 * Minified, because the Azure SDK makes three quarters of a bundle and the agent downloads and parses it for every
 * step; the SDK keeps its names, since its error handling goes by them.
 */
const options = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  // The SDK's pipeline looks whether a body is a FormData; the mere look makes Node load its fetch, for 30 ms.
  define: { FormData: 'undefined' },
  plugins: [slimTaskLib, slimDevOpsClient],
  legalComments: 'none',
  sourcemap: false,
  metafile: true,
  logLevel: 'silent',
  absWorkingDir: root,
} satisfies esbuild.BuildOptions;

/** Bundles one entry into one CommonJS file. */
export async function bundle(entry: string, file: string): Promise<Bundle> {
  const result = await esbuild.build({ ...options, entryPoints: [entry], outfile: file });
  const outputs = Object.values(result.metafile.outputs);
  const sources = outputs.flatMap(bundledSources);
  const packages = sources.map(packageOf).filter((name) => name !== undefined);
  return {
    file,
    size: statSync(file).size,
    warnings: result.warnings.map(({ location, text }) => `${location?.file ?? file}: ${text}`),
    packages: [...new Set(packages)],
    sources: [...new Set(sources)],
    required: outputs.flatMap(({ imports }) => imports.map((imported) => imported.path)),
  };
}

type Output = esbuild.Metafile['outputs'][string];

function bundledSources(output: Output): string[] {
  return Object.entries(output.inputs)
    .filter(([source, { bytesInOutput }]) => bytesInOutput > 0 && !source.includes(':'))
    .map(([source]) => source.split(path.sep).join('/'));
}

function packageOf(source: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
}
