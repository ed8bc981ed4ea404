import path from 'node:path';
import type { Plugin } from 'esbuild';

/** Leaves out what tool-lib downloads with: the tasks use it for the agent's tool cache only. */
export const slimToolLib: Plugin = {
  name: 'slim-tool-lib',
  setup(build) {
    build.onResolve({ filter: /^(typed-rest-client\/|uuid\/|semver-compare$)/ }, ({ path: name, importer }) =>
      importer.includes(`${path.sep}azure-pipelines-tool-lib${path.sep}`)
        ? { path: name, namespace: 'slim-tool-lib' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'slim-tool-lib' }, () => ({ contents: 'module.exports = {};' }));
  },
};
