import { execFileSync } from 'node:child_process';
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

/** As JSON: kyverno by itself takes a document that begins with a brace for that. */
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

/** What 200 policies for pods cost on 150 objects, beside the engine by itself; seconds of one run each. */
export async function measurePolicies(): Promise<{ name: string; ours: number; instead: string; theirs: number }[]> {
  const [kyverno, gator] = [await realProgram('kyverno'), await realProgram('gator')];
  const PATH = [kyverno, gator].map((program) => path.dirname(program)).join(path.delimiter);
  const pipeline = await startPipeline({ helm: null, job: { environment: { PATH } } });
  try {
    const folder = writeFiles(pipeline.job.folders.sources, {
      'manifest.yaml': manifest(),
      'kyverno.yaml': many((at) => noPrivileged(`policy-${at}`)),
      'gatekeeper.yaml': `${privilegedTemplate()}\n---\n${many((at) => constraint(`policy-${at}`))}`,
    });
    const step = async (engine: 'kyverno' | 'gatekeeper'): Promise<number> => {
      const inputs = { engine, policies: `${engine}.yaml`, manifests: 'manifest.yaml', namespace: 'shop' };
      const started = performance.now();
      const { result, log } = await pipeline.run('PolicyCheck', { inputs });
      if (result !== 'Succeeded') throw new Error(log.join('\n'));
      return (performance.now() - started) / 1000;
    };
    const alone = (program: string, ...args: readonly string[]): number => {
      const started = performance.now();
      execFileSync(program, args, { cwd: folder, stdio: 'ignore' });
      return (performance.now() - started) / 1000;
    };
    const ours = [await step('kyverno'), await step('gatekeeper')] as const;
    return [
      {
        name: 'PolicyCheck, kyverno',
        ours: ours[0],
        instead: 'kyverno apply',
        theirs: alone(kyverno, 'apply', 'kyverno.yaml', '--resource=manifest.yaml', '--policy-report'),
      },
      {
        name: 'PolicyCheck, gatekeeper',
        ours: ours[1],
        instead: 'gator test',
        theirs: alone(gator, 'test', '--filename=gatekeeper.yaml', '--filename=manifest.yaml'),
      },
    ];
  } finally {
    await pipeline.close();
  }
}
