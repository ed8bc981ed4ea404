import assert from 'node:assert/strict';
import { isStillSo } from '../../../tasks/common/doctor/confirm.ts';
import { diagnosisOf, objectOf, viewOf } from '../diagnosis/sample-view.ts';

describe('what the API server is asked about again', () => {
  it('is at its own place alone, whatever a chart calls its kinds', async () => {
    const asked: string[] = [];
    const client = { get: async (path: string) => void asked.push(path) };
    const kinds = ['Widget', 'Widgets/../../../../../secrets?x=', String.raw`..\..\nodes#`, '..'];
    for (const kind of kinds) {
      const object = { ...objectOf(kind, 'shop'), apiVersion: 'fabrikam.example/v1' };
      const event = { reason: 'FailedCreate', message: 'violates PodSecurity "restricted:latest": x' };
      const [finding] = diagnosisOf([{ object, events: [event] }]).findings;
      assert.ok(finding);
      assert.equal(await isStillSo(finding, viewOf([{ object }]), client), false);
    }
    assert.deepEqual(asked, ['/apis/fabrikam.example/v1/namespaces/web/widgets/shop']);
  });
});
