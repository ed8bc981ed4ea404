import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFiles, type FileContent } from '../../bench/write-files.ts';
import { documentsOf } from '../../../tasks/common/policy/policy-files.ts';
import { findFiles } from '../../../tasks/common/task/find-files.ts';

describe('Files of policies', () => {
  let workspace: string;
  before(() => {
    workspace = mkdtempSync(path.join(tmpdir(), 'policy-files-'));
    const files: Record<string, FileContent> = {
      's/policies/a.yaml': 'a: 1\n---\nb: 2\n',
      's/policies/below/c.yml': 'c: 3\n',
      's/policies/below/d.json': '{"d": 4}',
      's/policies/readme.md': 'no policy',
      's/policies/Kustomization.yaml': 'resources: []',
      's/policies/.hidden/e.yaml': 'e: 5',
      's/links/f.yaml': { link: '../../outside/g.yaml' },
      's/folder-link': { link: '../outside' },
      's/large/h.yaml': `# ${'a'.repeat(4 * 1024 * 1024)}\n`,
      's/latin/i.yaml': Buffer.from([0x61, 0x3a, 0xe9]),
      's/empty/j.yaml': '# a: 1\n---\n',
      's/template/k.yaml': 'excludedNamespaces: {{ .Values.excludedNamespaces }}\n',
      'outside/g.yaml': 'g: 6',
    };
    writeFiles(workspace, files);
  });
  after(() => rmSync(workspace, { recursive: true }));

  async function read(value: string): Promise<string[]> {
    const sources = path.join(workspace, 's');
    const signal = new AbortController().signal;
    const context = {
      signal,
      variable: (name: string) => (name === 'System.DefaultWorkingDirectory' ? sources : undefined),
      findFiles: (patterns: readonly string[]) =>
        findFiles(
          patterns.map((pattern) => path.resolve(sources, pattern)),
          signal,
        ),
    };
    const documents = await documentsOf(
      { input: 'policies', value },
      { passedOver: ['kustomization.yaml'], needed: 'policy' },
      context,
    );
    return documents.map(({ value: document }) => Object.keys(document).join());
  }

  it('are all below a folder, but those that are no manifests, and hidden folders', async () => {
    assert.deepEqual(await read('policies'), ['a', 'b', 'c', 'd']);
  });

  it('are hidden ones where a path or a pattern says so alone', async () => {
    assert.deepEqual(await read('policies/**/*.yaml'), ['a', 'b']);
    assert.deepEqual(await read('policies/.hidden/*.yaml'), ['e']);
    assert.deepEqual(await read('policies/.hidden'), ['e']);
  });

  it('are what a pattern finds, and each once', async () => {
    assert.deepEqual(await read('policies/*.yaml\npolicies/a.yaml\n\npolicies/below/c.yml'), ['a', 'b', 'c']);
  });

  it('are refused as links, where one leads out of the job, and where they are too large or no text', async () => {
    await assert.rejects(read('links'), /links\/f\.yaml is a link/);
    await assert.rejects(read('links/*.yaml'), /links\/f\.yaml is a link/);
    await assert.rejects(read('folder-link/*.yaml'), /lies outside of the folders of this job/);
    await assert.rejects(read('large'), /h\.yaml has more than the 4194304 bytes/);
    await assert.rejects(read('latin'), /i\.yaml is no UTF-8 text/);
  });

  it('are refused where nothing is left in them, as they would check nothing', async () => {
    await assert.rejects(read('policies\nempty'), /empty\/j\.yaml holds no policy, but nothing or comments alone/);
  });

  it('are refused as templates with what to give instead', async () => {
    await assert.rejects(
      read('template'),
      /k\.yaml is not valid YAML.* It looks like a template that is yet to be rendered/,
    );
  });

  it('are asked for where a line names none', async () => {
    await assert.rejects(
      read('policies\npolicies/readme.md'),
      /Input policies: "policies\/readme\.md" names no \.yaml, \.yml or \.json file/,
    );
    await assert.rejects(read('nowhere/*.yaml'), /"nowhere\/\*\.yaml" names no/);
  });
});
