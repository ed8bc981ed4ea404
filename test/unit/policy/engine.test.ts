import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withFiles } from '../../../tasks/common/policy/engine.ts';

describe('The files that an engine gets', () => {
  const privateFolder = mkdtempSync(path.join(tmpdir(), 'engine-'));
  after(() => rmSync(privateFolder, { recursive: true }));
  const context = {
    exec: () => assert.fail('Nothing is run.'),
    privateFolder: () => privateFolder,
    signal: new AbortController().signal,
  };
  const documents = { 'objects.yaml': [{ kind: 'Pod' }, 'b\u0085'] };

  it('hold the documents, in JSON that Go reads as it is', async () => {
    const text = await withFiles(documents, context, async (folder) =>
      readFileSync(path.join(folder, 'objects.yaml'), 'utf8'),
    );
    assert.equal(text, '{"kind":"Pod"}\n---\n"b\\u0085"\n');
  });

  it('are gone when the engine is done, however it ends: each of its many runs has all objects', async () => {
    await withFiles(documents, context, async () => assert.equal(readdirSync(privateFolder).length, 1));
    assert.deepEqual(readdirSync(privateFolder), []);

    const failing = withFiles(documents, context, () => Promise.reject(new Error('It ended early.')));
    await assert.rejects(failing, /It ended early/);
    assert.deepEqual(readdirSync(privateFolder), []);
  });
});
