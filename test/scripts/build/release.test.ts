import assert from 'node:assert/strict';
import { publishedTexts, releaseFaults } from '../../../scripts/build/release.ts';

const real = (text: string): string =>
  text.replaceAll('github.com/contoso/', 'github.com/real-owner/').replace('"helm-delivery"', '"real-owner"');

describe('the check before a release', () => {
  const texts = publishedTexts();

  it('refuses the placeholders of this repository, in the manifest, the overview and each task', () => {
    const faults = releaseFaults(texts);
    assert.match(faults[0] ?? '', /^vss-extension\.json has the publisher 'helm-delivery'; give the id of your own\.$/);
    for (const file of texts.keys()) {
      assert.ok(
        faults.some((fault) => fault.startsWith(`${file} links to https://github.com/contoso/`)),
        file,
      );
    }
  });

  it('refuses one that was forgotten', () => {
    const fixed = new Map([...texts].map(([file, text]) => [file, real(text)]));
    fixed.set('docs/overview.md', `${fixed.get('docs/overview.md')}\n[More](https://dev.azure.com/contoso/wiki)\n`);
    assert.deepEqual(releaseFaults(fixed), [
      'docs/overview.md links to https://dev.azure.com/contoso/wiki; give the address of the real repository.',
    ]);
  });

  it('takes what has a publisher and addresses of its own, with the sample names in examples', () => {
    const fixed = new Map([...texts].map(([file, text]) => [file, real(text)]));
    assert.match(fixed.get('docs/overview.md') ?? '', /contoso\.azurecr\.io/);
    assert.deepEqual(releaseFaults(fixed), []);
  });
});
