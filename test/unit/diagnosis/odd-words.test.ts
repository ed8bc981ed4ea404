import assert from 'node:assert/strict';
import { diagnosisOf } from './sample-view.ts';

const frozen = (kind: string): string =>
  `Error: ${kind} "kube-system" is invalid: spec.x: Invalid value: 1: field is immutable`;

describe("a diagnosis of helm's words", () => {
  it('takes the names of what every JavaScript object has for kinds like others', () => {
    for (const kind of ['constructor', '__proto__', 'hasOwnProperty']) {
      const { unexplained } = diagnosisOf([], `Error: ${kind} "shop" not found: odd`);
      assert.equal(unexplained[0]?.owner.name, 'shop');
    }
  });

  it('reads errors that stand far apart', () => {
    const gap = '\n \t'.repeat(5000);
    const said = `Error: 1 error occurred:${gap}* Widget "a" is invalid: odd${gap}- too${gap}Widget "b" not found: odd`;
    const { unexplained } = diagnosisOf([], said);
    assert.deepEqual(
      unexplained.map(({ owner, evidence: [first] }) => [owner.name, first?.said]),
      [
        ['a', 'Error: Widget "a" is invalid: odd | - too'],
        ['b', 'Widget "b" not found: odd'],
      ],
    );
  });

  it('advises nobody to delete what takes others with it, whoever words it so', () => {
    const fixes = ['Namespace', 'CustomResourceDefinition', 'Ingress'].map(
      (kind) => diagnosisOf([], frozen(kind)).findings[0]?.fix ?? '',
    );
    assert.deepEqual(
      fixes.map((fix) => fix.includes('kubectl delete')),
      [false, false, true],
    );
  });

  it('shows no template of a Job that was changed: its environment has plain values', () => {
    const template = `{"spec":{"containers":[{"name":"web","env":[{"name":"PASSWORD","value":"s3cr3t-in-plain"}],"image":"contoso.azurecr.io/go-template-app:1.2.0"}]}}`;
    const said = `Error: cannot patch "migrate" with kind Job: Job.batch "migrate" is invalid: [spec.selector: Invalid value: 1: field is immutable, spec.template: Invalid value: ${template}: field is immutable]`;
    const diagnosis = diagnosisOf([], said);
    assert.equal(diagnosis.findings[0]?.cause, 'field-immutable');
    assert.doesNotMatch(JSON.stringify(diagnosis), /s3cr3t|PASSWORD/);
    assert.match(
      JSON.stringify(diagnosis),
      /spec\.selector: Invalid value: 1: field is immutable, spec\.template: Invalid value: …: field/,
    );
  });
});
