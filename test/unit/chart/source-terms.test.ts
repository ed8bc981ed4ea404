import assert from 'node:assert/strict';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { inTermsOfSources } from '../../../tasks/common/chart/dependencies/source-terms.ts';
import { refusalOf } from './refusal.ts';

describe('An error about the copy of a chart', () => {
  const context = { privateFolder: () => '/agent/_temp/private' };
  const told = (message: string): Promise<string> =>
    refusalOf(() => inTermsOfSources('/agent/s', context, () => Promise.reject(new TaskError(message))));

  it('names the file in the sources', async () => {
    assert.equal(
      await told(
        '/agent/_temp/private/copy-1/app/values.yaml and /agent/_temp/private/build-2/app/Chart.yaml are odd.',
      ),
      '/agent/s/app/values.yaml and /agent/s/app/Chart.yaml are odd.',
    );
  });

  it('names what was made of it without a folder that is gone', async () => {
    assert.equal(
      await told('The archive /agent/_temp/private/app-1.0.0.tgz is odd.'),
      'The archive app-1.0.0.tgz is odd.',
    );
  });

  it('is left alone when it speaks of something else', async () => {
    assert.equal(await told('The registry is odd.'), 'The registry is odd.');
  });
});
