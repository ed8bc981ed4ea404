import path from 'node:path';
import { startPipeline } from '../../test/bench/pipeline.ts';
import { constraint, noPrivileged, privilegedTemplate } from '../../test/bench/sample-policies.ts';
import { writeFiles } from '../../test/bench/write-files.ts';
import { realProgram } from '../../test/real/index.ts';

const [policyCount, objectCount] = [200, 150];

/** Of five objects one makes pods, as in usual charts. */
const kinds = ['apps/v1 Deployment', 'v1 Service', 'v1 ConfigMap', 'v1 ServiceAccount', 'networking.k8s.io/v1 Ingress'];

const pods = {
  containers: [{ name: 'web', image: 'contoso.azurecr.io/web:1.0.0', securityContext: { privileged: false } }],
};

function manifest(): string {
  const objects = Array.from({ length: objectCount }, (_each, at) => {
    const [apiVersion = '', kind = ''] = (kinds[at % kinds.length] ?? '').split(' ');
    const spec = kind === 'Deployment' ? { spec: { template: { spec: pods } } } : {};
    return JSON.stringify({ apiVersion, kind, metadata: { name: `web-${at}`, namespace: 'shop' }, ...spec });
  });
  return objects.join('\n---\n');
}

const many = (policy: (at: number) => string): string =>
  Array.from({ length: policyCount }, (_each, at) => policy(at)).join('\n---\n');

/**
 * What 200 policies for pods cost on 150 objects, in seconds of one run each. Beside kyverno by itself there is nothing to
 * measure: it takes five minutes, since it compiles each policy for each object.
 */
export async function measurePolicies(): Promise<{ name: string; seconds: number }[]> {
  const programs = await Promise.all((['kyverno', 'gator'] as const).map((id) => realProgram(id)));
  const PATH = programs.map((program) => path.dirname(program)).join(path.delimiter);
  const pipeline = await startPipeline({ helm: null, job: { environment: { PATH } } });
  try {
    writeFiles(pipeline.job.folders.sources, {
      'manifest.yaml': manifest(),
      'kyverno.yaml': many((at) => noPrivileged(`policy-${at}`)),
      'gatekeeper.yaml': `${privilegedTemplate()}\n---\n${many((at) => constraint(`policy-${at}`))}`,
    });
    const step = async (engine: 'kyverno' | 'gatekeeper'): Promise<{ name: string; seconds: number }> => {
      const inputs = { engine, policies: `${engine}.yaml`, manifests: 'manifest.yaml', namespace: 'shop' };
      const started = performance.now();
      const { result, log } = await pipeline.run('PolicyCheck', { inputs });
      if (result !== 'Succeeded') throw new Error(log.join('\n'));
      return { name: `PolicyCheck, ${engine}`, seconds: (performance.now() - started) / 1000 };
    };
    return [await step('kyverno'), await step('gatekeeper')];
  } finally {
    await pipeline.close();
  }
}
