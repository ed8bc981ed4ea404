import assert from 'node:assert/strict';
import path from 'node:path';
import { userRole } from '../bench/cluster-pipeline.ts';
import { ruler } from '../bench/deploy-runs.ts';
import { assertGood, sharedRelease } from '../bench/release-cases.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: probes.contoso.example }
spec:
  group: contoso.example
  scope: Namespaced
  names: { plural: probes, singular: probe, kind: Probe, listKind: ProbeList }
  versions:
  - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }
`;

const switchedOff = `{{- if .Values.isOn }}
apiVersion: v1
kind: ConfigMap
metadata: { name: never }
{{- end }}
`;

const pod = (name: string, more = ''): string =>
  `{ metadata: { labels: { app: ${name} } }, spec: { ${more} containers: [{ name: web, image: "contoso.azurecr.io/web:1.0.0" }] } }`;

const hookJob = (name: string, events: string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-weight: "1"
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec: { template: ${pod(name, 'restartPolicy: Never,')} }
`;

const controller = `apiVersion: apps/v1
kind: Deployment
metadata: { name: controller }
spec: { selector: { matchLabels: { app: controller } }, template: ${pod('controller')} }
---
apiVersion: v1
kind: Service
metadata: { name: controller }
spec: { type: LoadBalancer, selector: { app: controller }, ports: [{ port: 80 }] }
`;

/** What YAML allows and hardly anyone writes. */
const odd = `# a document of comments
---
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: "1e3"
  labels: &labels { app: odd }
  annotations: null
data: *labels
---
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "1234", "namespace": null}, "data": {"rules": "\\tlisten"}}
`;

describe('HelmReleaseDeploy: charts of many shapes', () => {
  const pipeline = sharedRelease(startReleasePipeline, { roles: [userRole, ruler] });

  /** Installs a chart and upgrades to it; what was said of the roll-out both times. */
  async function twice(releaseName: string, files: Readonly<Record<string, string>>): Promise<string> {
    const folder = path.join(pipeline().job.folders.sources, releaseName);
    const chart = writeFiles(folder, { 'Chart.yaml': chartYaml(`chart-of-${releaseName}`), ...files });
    const said: string[] = [];
    for (const revision of ['1', '2']) {
      const step = assertGood(await pipeline().deploy({ chart, releaseName }));
      const log = step.log.join('\n');
      assert.equal(step.outputs['releaseRevision'], revision, log);
      assert.doesNotMatch(log, /Not all of the roll-out is seen|not watched/);
      said.push(log);
    }
    return said.join('\n');
  }

  it('of definitions alone, or with all switched off', async () => {
    await twice('definitions', { 'crds/probes.yaml': definition, 'templates/off.yaml': switchedOff });
  });

  it('with hooks around a controller that has an address', async () => {
    const log = await twice('ingress', {
      'templates/controller.yaml': controller,
      'templates/create.yaml': hookJob('create', 'pre-install,pre-upgrade'),
      'templates/patch.yaml': hookJob('patch', 'post-install,post-upgrade'),
    });
    assert.match(log, /^Job create \(hook pre-install,pre-upgrade\) is done\.$/m);
  });

  it('in YAML that hardly anyone writes, with the line ends of Windows', async () => {
    await twice('odd', { 'templates/odd.yaml': odd.replaceAll('\n', '\r\n') });
    for (const name of ['1e3', '1234']) assert.ok(await pipeline().find('api/v1', 'configmaps', name), name);
  });
});
