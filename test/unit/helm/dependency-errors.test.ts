import assert from 'node:assert/strict';
import { explainDependencyFailure } from '../../../tasks/common/helm/errors.ts';
import { ToolFailure } from '../../../tasks/common/task/exec.ts';

// What Helm 3.17 to 4.3 printed.
const updating =
  'Hang tight while we grab the latest from your chart repositories...\n' +
  '...Unable to get an update from the "other" chart repository (https://charts.fabrikam.example):\n' +
  '\tfailed to fetch https://charts.fabrikam.example/index.yaml : 503 Service Unavailable\n' +
  '...Unable to get an update from the "pub" chart repository (https://charts.contoso.example):\n' +
  '\tfailed to fetch https://charts.contoso.example/index.yaml : 401 Unauthorized\n' +
  'Update Complete. ⎈Happy Helming!⎈\n';

function told(stderr: string, stdout = ''): string {
  const failure = new ToolFailure(`helm dependency failed with exit code 1: ${stderr.trim()}`, 1, stdout, stderr);
  return explainDependencyFailure(failure, 'give it as containerRegistry').message;
}

describe('a failure of helm dependency build', () => {
  const refused =
    'Error: could not download oci://contoso.azurecr.io/helm/part: failed to perform "FetchReference" on source: ' +
    'GET "https://contoso.azurecr.io/oauth2/token": response status code 401: unauthorized\n';

  it('is told by the repository whose index it lacks', () => {
    const message = told(
      "Error: no cached repository for pub found. (try 'helm repo update'): open pub-index.yaml\n",
      updating,
    );
    assert.match(message, /^helm could not read the chart repository https:\/\/charts\.contoso\.example: .*401 Unauth/);
  });

  it("is told in helm's own words first, where another repository could not be read either", () => {
    const message = told(refused, updating);
    assert.match(
      message,
      /^helm dependency failed .*contoso\.azurecr\.io.*401: unauthorized\. A private registry wants/,
    );
    assert.match(message, / Besides, helm could not read the chart repository https:\/\/charts\.contoso\.example/);
    assert.match(
      told('Error: app chart not found in repo https://charts.example\n', updating),
      /^helm dependency failed with exit code 1: Error: app chart not found .*\. Besides, helm could not read/,
    );
  });

  it('names the right to list tags where a range of versions needs it', () => {
    const message = told(
      'Error: could not retrieve list of tags for repository oci://contoso.azurecr.io/helm: GET ' +
        '"https://contoso.azurecr.io/v2/helm/part/tags/list": response status code 401: unauthorized: authentication required\n',
    );
    assert.match(message, /range of versions .* give the token metadata\/read beside content\/read/);
    assert.doesNotMatch(told(refused), /metadata\/read/);
  });
});
