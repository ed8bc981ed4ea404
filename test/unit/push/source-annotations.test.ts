import assert from 'node:assert/strict';
import { sourceAnnotations } from '../../../tasks/HelmChartPush/source-annotations.ts';

const annotationsOf = (variables: Record<string, string>): Record<string, string> =>
  sourceAnnotations({ variable: (name) => variables[name] });

describe('where a pushed chart comes from', () => {
  it('is the revision and the repository of the run', () => {
    const variables = {
      'Build.SourceVersion': 'abc',
      'Build.Repository.Uri': 'https://contoso@dev.azure.com/contoso/_git/x',
    };

    assert.deepEqual(annotationsOf(variables), {
      'org.opencontainers.image.revision': 'abc',
      'org.opencontainers.image.source': 'https://dev.azure.com/contoso/_git/x',
    });
  });

  it('holds no token that stands in the address', () => {
    const source = annotationsOf({ 'Build.Repository.Uri': 'https://x-token:s3cret@github.com/contoso/x' });

    assert.deepEqual(source, { 'org.opencontainers.image.source': 'https://github.com/contoso/x' });
  });

  it('is nothing outside of a run', () => {
    assert.deepEqual(annotationsOf({}), {});
  });
});
