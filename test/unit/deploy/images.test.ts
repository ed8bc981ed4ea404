import assert from 'node:assert/strict';
import { pathText } from '../../../tasks/common/values/path.ts';
import { imageValues } from '../../../tasks/HelmReleaseDeploy/images.ts';
import { refusalOf } from '../chart/refusal.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const known = ['web', 'job'].map((name) => ({ name, repository: `contoso.azurecr.io/${name}`, tag: '1.2.3', digest }));
const valuesOf = (value: string) =>
  imageValues({ input: 'images', value }, known).map((each) => [pathText(each.path), each.value, each.at]);

describe('The images of a handoff as values', () => {
  it('go to their fields: with the digest in one of its own, behind the tag, or alone', () => {
    assert.deepEqual(
      valuesOf(
        'web=image.repository,image.tag|image.digest\n\n job = jobs[0].image, jobs[0].tag \nweb=a."b,c",|a.d\\|e',
      ),
      [
        ['image.repository', 'contoso.azurecr.io/web', 'Line 1 of input images'],
        ['image.tag', '1.2.3', 'Line 1 of input images'],
        ['image.digest', digest, 'Line 1 of input images'],
        ['jobs[0].image', 'contoso.azurecr.io/job', 'Line 3 of input images'],
        ['jobs[0].tag', `1.2.3@${digest}`, 'Line 3 of input images'],
        ['a."b,c"', 'contoso.azurecr.io/web', 'Line 4 of input images'],
        ['a."d|e"', digest, 'Line 4 of input images'],
      ],
    );
  });

  for (const [line, reason] of [
    ['api=a,b', /^Line 1 of input images names the image "api", which the handoff does not have; it has: web, job\.$/],
    ['web', /not of the form name=repositoryPath,tagPath\|digestPath/],
    ['web=a', /not of the form/],
    ['web=a,', /a key is missing/],
    ['web=a,b|', /a key is missing/],
    ['web=,b', /a key is missing/],
    ['web=a,b,c', /not of the form/],
  ] as const) {
    it(`are refused as ${line}`, async () => assert.match(await refusalOf(() => valuesOf(line)), reason));
  }
});
