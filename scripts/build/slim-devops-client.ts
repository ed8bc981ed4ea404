import path from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * typed-rest-client writes query strings with qs, which brings a dozen packages (50 kB). Azure DevOps' clients write
 * theirs themselves, so Node's own module is enough.
 */
export const slimDevOpsClient: Plugin = {
  name: 'slim-devops-client',
  setup(build) {
    build.onResolve({ filter: /^qs$/ }, ({ importer }) =>
      importer.includes(`${path.sep}typed-rest-client${path.sep}`)
        ? { path: 'node:querystring', external: true }
        : undefined,
    );
  },
};
