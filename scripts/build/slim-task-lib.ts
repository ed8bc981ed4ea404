import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** What takes the place of a module that task-lib loads at its start; `file` is the module's own path. */
type Replacement = (file: string) => string;

const replacements: Readonly<Record<string, Replacement>> = {
  // It only compares Node's version.
  semver: () => `exports.lt = require('semver/functions/lt');`,
  // Only its program runner and its file patterns need them, and its vault and its proxy settings.
  q: () => lazily('q'),
  minimatch: () => lazily('minimatch'),
  crypto: () => lazily('crypto'),
  child_process: () => lazily('child_process'),
  './toolrunner': lazily,
  './vault': () => plainVault,
  './lib-resource': englishMessages,
};

function lazily(module: string): string {
  return `
    const load = () => require(${JSON.stringify(module)});
    module.exports = new Proxy(function () {}, {
      get: (_target, key) => load()[key],
      apply: (_target, self, values) => load().apply(self, values),
    });
  `;
}

/**
 * Holds the secrets that task-lib takes out of the environment. Its own vault encrypts them, with a key that it leaves
 * in a file on the agent.
 */
const plainVault = `
  exports.Vault = class {
    #secrets = new Map();
    initialize() {}
    storeSecret(name, data) {
      if (!name) return false;
      if (!data) this.#secrets.delete(name.toLowerCase());
      else this.#secrets.set(name.toLowerCase(), data);
      return Boolean(data);
    }
    retrieveSecret(name) {
      return this.#secrets.get((name ?? '').toLowerCase());
    }
  };
`;

/** Its messages in the language of ours, without the nine others. */
function englishMessages(file: string): string {
  const { messages } = createRequire(import.meta.url)(file) as { messages: unknown };
  return `module.exports = ${JSON.stringify({ messages })};`;
}

/**
 * At its start it reads the agent's proxy password and the like for other libraries, which shows them in debug lines and
 * writes keys to disk; these tasks read the settings themselves (tasks/common/task/network.ts).
 */
const exposures = ['im._exposeProxySettings();', 'im._exposeCertSettings();'];

function withoutExposures(source: string): string {
  for (const call of exposures) if (!source.includes(call)) throw new Error(`task-lib no longer has ${call}`);
  return exposures.reduce((text, call) => text.replace(call, ''), source);
}

/** Halves the time that task-lib takes to load, and keeps its hands off the agent's passwords. */
export const slimTaskLib: Plugin = {
  name: 'slim-task-lib',
  setup(build) {
    build.onLoad({ filter: /[\\/]azure-pipelines-task-lib[\\/]task\.js$/ }, ({ path: file }) => ({
      contents: withoutExposures(readFileSync(file, 'utf8')),
    }));
    build.onResolve(
      { filter: pattern(Object.keys(replacements)) },
      ({ path: name, importer, namespace, resolveDir }) => {
        const isOfTaskLib = namespace === 'file' && path.dirname(importer).endsWith('azure-pipelines-task-lib');
        if (!isOfTaskLib) return undefined;
        const module = name.startsWith('.') ? path.join(resolveDir, `${name}.js`) : name;
        return { path: module, namespace: 'slim-task-lib', pluginData: { name, resolveDir } };
      },
    );
    build.onLoad({ filter: /.*/, namespace: 'slim-task-lib' }, ({ path: module, pluginData }) => {
      const { name, resolveDir } = pluginData as { name: string; resolveDir: string };
      return { contents: replacements[name]?.(module) ?? '', resolveDir };
    });
  },
};

function pattern(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.map((name) => name.replace('.', '\\.')).join('|')})$`);
}
