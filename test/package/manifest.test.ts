import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { manifestOf, type Manifest } from './manifest.ts';
import { packed, sources, taskNames, textOf, type Packed } from './packed.ts';
import { pngSize } from './png.ts';

/** Those of the Marketplace for Azure DevOps. */
const categories = ['Azure Repos', 'Azure Boards', 'Azure Pipelines', 'Azure Test Plans', 'Azure Artifacts'];

const content = 'Microsoft.VisualStudio.Services.Content.';

describe('the manifest of the package', () => {
  let extension: Packed;
  let manifest: Manifest;
  before(async () => {
    extension = await packed();
    manifest = manifestOf(extension);
  });

  it('has the version of package.json, in three numbers', () => {
    const { version } = JSON.parse(readFileSync(path.join(sources, 'package.json'), 'utf8')) as { version: string };
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.equal(manifest.identity['Version'], version);
  });

  it('has an id and a publisher that the Marketplace takes', () => {
    assert.match(manifest.identity['Id'] ?? '', /^[A-Za-z0-9][A-Za-z0-9-]*$/);
    assert.match(manifest.identity['Publisher'] ?? '', /^[A-Za-z0-9][A-Za-z0-9-]*$/);
  });

  it('is found under categories and tags that exist', () => {
    const given = manifest.metadata('Categories').split(',');
    assert.deepEqual(
      given.filter((category) => !categories.includes(category)),
      [],
    );
    assert.ok(given.includes('Azure Pipelines'));
    assert.ok(manifest.metadata('Tags').split(',').length > 2);
  });

  it('has a name and a description that are not cut off', () => {
    const lengths = ['DisplayName', 'Description'].map((element) => manifest.metadata(element).length);
    for (const length of lengths) assert.ok(length > 10 && length <= 200, `${length} characters`);
  });

  it('tells of all tasks, by their number and each on the overview page', () => {
    const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];
    assert.ok(manifest.metadata('Description').includes(`${numbers[taskNames.length]} pipeline tasks`));
    const overview = textOf(extension, 'docs/overview.md');
    const untold = taskNames.filter((name) => !overview.includes(`[${name}@`));
    assert.deepEqual(untold, []);
    const inExample = [...overview.matchAll(/task: (\w+)@/g)].map(([, name]) => name);
    for (const name of ['HelmChartSave', 'HelmChartPush', 'HelmReleaseDeploy']) {
      assert.ok(inExample.includes(name), name);
    }
  });

  it('shows an icon of 128 x 128', () => {
    const icon = manifest.assets.get('Microsoft.VisualStudio.Services.Icons.Default') ?? 'none';
    assert.deepEqual(pngSize(extension.files.get(icon)), { width: 128, height: 128 });
  });

  it('has the overview page and the licence as content', () => {
    assert.match(textOf(extension, manifest.assets.get(`${content}Details`) ?? 'none'), /^# /);
    assert.match(textOf(extension, manifest.assets.get(`${content}License`) ?? 'none'), /^MIT License/);
  });

  it('links to where users get help, over https', () => {
    for (const link of ['Getstarted', 'Learn', 'License', 'Support', 'GitHub']) {
      assert.match(manifest.properties.get(`Microsoft.VisualStudio.Services.Links.${link}`) ?? link, /^https:\/\//);
    }
  });

  it('contributes every folder in tasks/ that holds a task, under its own name', () => {
    const wanted = taskNames.map((name) => ({
      id: name,
      type: 'ms.vss-distributed-task.task',
      targets: ['ms.vss-distributed-task.tasks'],
      properties: { name: `tasks/${name}` },
    }));
    assert.ok(wanted.length > 0);
    assert.deepEqual(
      [...manifest.contributions].sort((a, b) => (a.id < b.id ? -1 : 1)),
      wanted,
    );
  });

  it('has an overview page whose links and images work outside of the repository', () => {
    const targets = [...textOf(extension, 'docs/overview.md').matchAll(/\]\(([^)\s]+)/g)].map(
      (match) => match[1] ?? '',
    );
    assert.ok(targets.length > 0);
    assert.deepEqual(
      targets.filter((target) => !target.startsWith('https://')),
      [],
    );
  });
});
