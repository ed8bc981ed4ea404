import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** What node:fs has to read with; our own reader of foreign files counts as one of them. */
const readers =
  'readFile|readFileSync|open|openSync|openAsBlob|createReadStream|readdir|readdirSync|opendir|opendirSync|glob|globSync|readlink|' +
  'readlinkSync|cp|cpSync|copyFile|copyFileSync|readRegularFile|openRegularFile';

/** The places that an attacker looks for, each by the words that make one. */
const kinds: Readonly<Record<string, RegExp>> = {
  'reads a file': new RegExp(
    String.raw`(?<![\w.#])(?:${readers})\((?!\w+: )|\btl\.(?:find|findMatch|ls|cp|mv)\w*\(`,
    'g',
  ),
  'starts a program':
    /\bcontext\.exec\b|#exec\(|\b(?:spawn|spawnSync|execFile|execFileSync|execSync|fork)\(|\btl\.(?:tool|exec)\w*\(/g,
  'sends a credential':
    /\.(?:accessToken|getToken|proof|clientAuth|passwordLogin|provenLogin)\(|`(?:Bearer|Basic) |\b[A-Z_]+_(?:SECRET|ACCESSTOKEN|CERTIFICATE_PATH)\b(?=[:\]'])|\b(?:access|refresh)_token\b(?=[:,])|\bcert\b(?=[:,])|\bsdkCredential\(|\bnew HttpProxyAgent\(|extends HttpsProxyAgent\b|\btoolNetwork\(/g,
  'sets an output':
    /\.set(?:Output|ForeignOutput|PathVariable)\(|\btl\.(?:setVariable|setTaskVariable|command)\(|##vso\[/g,
};

/** The code of the tasks by file, as a path from tasks/, without comments and without what declares or imports. */
function code(): Map<string, string> {
  const files = readdirSync(path.join(root, 'tasks'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts'));
  return new Map(
    sources.map((name) => {
      const text = readFileSync(path.join(root, 'tasks', name), 'utf8');
      const plain = text
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/(^|\s)\/\/.*$/gm, '')
        .replaceAll(/^import [\s\S]*?;$/gm, '')
        .replaceAll(/\bfunction \w+\(/g, '');
      return [name.split(path.sep).join('/'), plain];
    }),
  );
}

/** The rows that docs/security.md has for a kind of place: file and how many of them. */
function written(kind: string): Record<string, number> {
  const page = readFileSync(path.join(root, 'docs', 'security.md'), 'utf8');
  const [, table = ''] = new RegExp(String.raw`<!-- places: ${kind} -->([\s\S]*?)<!-- /places -->`).exec(page) ?? [];
  const rows = [...table.matchAll(/^\| `([^`]+)` +\| +(\d+) +\| (\S.*\S) +\|$/gm)];
  return Object.fromEntries(rows.map(([, file = '', count]) => [file, Number(count)]));
}

describe('docs/security.md lists every place where a task', () => {
  const sources = code();
  for (const [kind, words] of Object.entries(kinds)) {
    it(kind, () => {
      const counted = [...sources].map(([file, text]): [string, number] => [file, [...text.matchAll(words)].length]);
      const found = Object.fromEntries(counted.filter(([, count]) => count > 0));
      assert.ok(Object.keys(found).length > 0);
      assert.deepEqual(written(kind), found, `a new place needs a row in docs/security.md that says why it is safe`);
    });
  }

  it('and there is no other way to one', () => {
    const hidden =
      /\brequire\(|\bcreateRequire\b|\beval\(|\bnew Function\b|process\.binding|from 'node:(?:vm|worker_threads|module)'/;
    const whole = /^import (?!type\b|\{)[^;]*from 'node:(?:fs|fs\/promises|child_process)'/m;
    for (const name of sources.keys()) {
      const text = readFileSync(path.join(root, 'tasks', name), 'utf8');
      assert.doesNotMatch(text, hidden, name);
      assert.doesNotMatch(text, whole, `${name} takes a module whole, so its calls cannot be found by name`);
    }
  });
});
