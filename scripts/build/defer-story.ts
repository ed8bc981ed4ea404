import path from 'node:path';
import * as esbuild from 'esbuild';

/** What a story shares with the code that runs it: the classes of its errors and task-lib's state live there. */
const sharedFolder = path.join('tasks', 'common', 'task');

/** How a story's text asks for a shared module. */
export const sharedPrefix = 'shared:';

export type Story = esbuild.BuildResult<{ metafile: true; write: false }>;

/** How the comment begins that holds a story, at the end of its bundle. */
const storyMark = '\n//story:';
/** Stands for a line's end in the comment, which has but one line; no code of ours or of a package has it. */
const lineEnd = '\f';

/**
 * Takes what a task's `import('./main.ts')` needs out of its bundle. It goes into a comment at the bundle's end, which
 * is compiled only when the inputs have proved right: Node would otherwise spend more time on parsing the Azure SDK
 * than on everything else of the start.
 * @param built told the result of the inner build, whose text belongs into `storyComment`.
 */
export function deferStory(
  options: esbuild.BuildOptions & { metafile: true },
  built: (result: Story) => void,
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
        return { contents: storyModule([...shared]), resolveDir: path.dirname(file) };
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

function storyModule(shared: readonly string[]): string {
  const imports = shared.map((module, index) => `import * as shared${index} from ${JSON.stringify(module)};`);
  const table = shared.map(
    (module, index) => `${JSON.stringify(`${sharedPrefix}${path.basename(module)}`)}: shared${index}`,
  );
  return `
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
${imports.join('\n')}
const shared = { ${table.join(', ')} };
const bundle = readFileSync(__filename, 'utf8');
const comment = bundle.slice(bundle.lastIndexOf(${JSON.stringify(storyMark)}) + ${storyMark.length});
const source = comment.replaceAll(${JSON.stringify(lineEnd)}, '\\n');
const story = { exports: {} };
const load = vm.runInThisContext('(function (exports, require, module) {' + source + '\\n})', { filename: 'main.js' });
load(story.exports, (name) => shared[name] ?? require(name), story);
export const main = story.exports.main;
`;
}

/**
 * The comment with a story's text; esbuild writes it in ASCII, so that nothing else in it can end the line.
 * @throws Error when the text has the character that stands for a line's end.
 */
export function storyComment(story: Story): string {
  const text = story.outputFiles[0]?.text ?? '';
  if (text.includes(lineEnd)) throw new Error('A bundled package holds a form feed, which bundles use for line ends.');
  return `${storyMark}${text.trimEnd().replaceAll('\n', lineEnd)}\n`;
}
