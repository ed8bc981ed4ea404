import assert from 'node:assert/strict';
import { appChart } from '../bench/app-chart.ts';
import { adminRole, userRole, writerRole } from '../bench/cluster-pipeline.ts';
import { loginServer } from '../bench/pipeline.ts';
import { assertGood, failureOf, present, sharedRelease, withHelm } from '../bench/release-cases.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: parcels.contoso.example}
spec:
  group: contoso.example
  scope: Namespaced
  names: {plural: parcels, singular: parcel, kind: Parcel}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`;
const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

// The small API server has none.
describe('HelmReleaseDeploy on a real control plane: definitions that a chart brings', () => {
  const pipeline = sharedRelease(
    startRealReleasePipeline,
    { roles: [adminRole, userRole, writerRole] },
    async (started) => {
      const archive = appChart('2.0.0', { 'crds/parcel.yaml': definition });
      await started.registry.seedChart('helm', { name: 'app', version: '2.0.0', archive });
    },
  );

  for (const id of ['helm-3.17', 'helm-4.3'] as const) {
    it(`${id} leaves the definitions out with skipCrds, and needs no right for them`, async () => {
      const inputs = { chart: `oci://${loginServer}/helm/app:2.0.0`, releaseName: `crd-${id.replace('.', '-')}` };
      const step = await withHelm(id);
      assert.match(failureOf(await pipeline().deploy(inputs, step)), /customresourcedefinitions/);
      assertGood(await pipeline().deploy({ ...inputs, skipCrds: 'true' }, step));
      assert.equal(await pipeline().administrator.find(`${crds}/parcels.contoso.example`), undefined);
    });
  }

  it('creates them where the identity may', async () => {
    const inputs = { chart: `oci://${loginServer}/helm/app:2.0.0`, releaseName: 'crd', useClusterAdmin: 'true' };
    assertGood(await pipeline().deploy(inputs));
    present(await pipeline().administrator.find(`${crds}/parcels.contoso.example`));
  });
});
