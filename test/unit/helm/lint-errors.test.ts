import assert from 'node:assert/strict';
import { explainLint } from '../../../tasks/common/helm/errors.ts';

const faultsIn = (output: string): string => explainLint(output).faults;

describe('the errors that helm lint found', () => {
  it('are taken out of what Helm 3 prints', () => {
    assert.equal(
      faultsIn(
        '==> Linting app\n[INFO] Chart.yaml: icon is recommended\n[ERROR] templates/: template: app/a.yaml:2:16: nil pointer\n' +
          '[WARNING] templates/: unused\n[ERROR] values.yaml: broken\n\n1 chart(s) linted, 1 chart(s) failed\n',
      ),
      'templates/: template: app/a.yaml:2:16: nil pointer; values.yaml: broken',
    );
  });

  it('are taken out of what Helm 4 prints, over several lines', () => {
    assert.equal(
      faultsIn(
        '[ERROR] templates/: app/a.yaml:2:16\r\n  executing "a" at <.x>:\r\n    nil pointer\r\n\r\n1 chart(s) linted',
      ),
      'templates/: app/a.yaml:2:16 executing "a" at <.x>: nil pointer',
    );
  });

  it('are told without the colon of a file that has no name', () => {
    assert.equal(
      faultsIn('[ERROR] : unable to load chart\n\tChart.yaml file is missing\n'),
      'unable to load chart Chart.yaml file is missing',
    );
  });

  it('are none where lint failed for another reason', () => {
    assert.equal(faultsIn('Error: something else\n'), '');
    assert.equal(faultsIn(''), '');
  });

  for (const error of [
    "Chart.yaml: appVersion should be of type string but it's of type float64",
    "Chart.yaml: version should be of type string but it's of type <nil>",
    'Chart.yaml: apiVersion is required. The value must be either "v1" or "v2"',
  ]) {
    it(`are told apart from what helm package takes: ${error}`, () =>
      assert.deepEqual(explainLint(`==> Linting app\n[ERROR] ${error}\n[ERROR] values.yaml: broken\n`), {
        faults: 'values.yaml: broken',
        taken: error,
      }));
  }

  it('are cut where they are many', () => {
    assert.equal(faultsIn('[ERROR] x\n'.repeat(5000)).length, 1000);
  });
});
