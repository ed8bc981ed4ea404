import path from 'node:path';
import * as esbuild from 'esbuild';

/** What a story shares with the code that runs it: the classes of its errors and task-lib's state live there. */
const sharedFolder = path.join('tasks', 'common', 'task');

/** How a story's text asks for a shared module. */
export const sharedPrefix = 'shared:';

/**
 * Puts what a task's `import('./main.ts')` needs into its bundle as text, which is compiled only when the inputs have
 * proved right: Node would otherwise spend more time on parsing the Azure SDK than on everything else of the start.
 * @param built told the result of the inner build, for the guards.
 */
export function deferStory(
  options: esbuild.BuildOptions & { metafile: true },
  built: (result: esbuild.BuildResult<{ metafile: true }>) => void,
): esbuild.Plugin {
  return {
    name: 'defer-story',
    setup(build) {
      build.onResolve({ filter: /\/main\.ts$/ }, ({ path: file, resolveDir, kind }) =>
        kind === 'dynamic-import' ? { path: path.join(resolveDir, file), namespace: 'story' } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'story' }, async ({ path: file }) => {
        const shared = new Set<string>();
        const result = await esbuild.build({
          ...options,
          entryPoints: [file],
          write: false,
          plugins: [...(options.plugins ?? []), leaveOut(shared)],
        });
        built(result);
        return {
          contents: storyModule(result.outputFiles[0]?.text ?? '', [...shared]),
          resolveDir: path.dirname(file),
        };
      });
    },
  };
}

function leaveOut(shared: Set<string>): esbuild.Plugin {
  return {
    name: 'shared-modules',
    setup(build) {
      build.onResolve({ filter: /\.ts$/ }, ({ path: file, resolveDir }) => {
        const module = path.resolve(resolveDir, file);
        return path.dirname(module).endsWith(sharedFolder) ? share(module, shared) : undefined;
      });
      // tool-lib brings its own calls of task-lib, whose state must be the one of the task.
      build.onResolve({ filter: /^azure-pipelines-task-lib\// }, ({ path: name }) => share(name, shared));
    },
  };
}

function share(module: string, shared: Set<string>): esbuild.OnResolveResult {
  shared.add(module);
  return { path: `${sharedPrefix}${path.basename(module)}`, external: true };
}

function storyModule(source: string, shared: readonly string[]): string {
  const imports = shared.map((module, index) => `import * as shared${index} from ${JSON.stringify(module)};`);
  const table = shared.map(
    (module, index) => `${JSON.stringify(`${sharedPrefix}${path.basename(module)}`)}: shared${index}`,
  );
  return `
import vm from 'node:vm';
${imports.join('\n')}
const shared = { ${table.join(', ')} };
const story = { exports: {} };
const load = vm.runInThisContext(${JSON.stringify(`(function (exports, require, module) {${source}\n})`)}, { filename: 'main.js' });
load(story.exports, (name) => shared[name] ?? require(name), story);
export const main = story.exports.main;
`;
}
