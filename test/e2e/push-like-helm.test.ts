import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { chartArchive, push, stage } from '../bench/chart-steps.ts';
import { helmClient, type HelmClient } from '../bench/helm-client.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';

/** What Chart.yaml says besides name and version; what has to be quoted, left out or kept in order in a manifest. */
const charts: Readonly<Record<string, string>> = {
  plain: '',
  told: 'description: "A <small> & \\"quoted\\" chart: größe, 図, \\U0001F680, tab\\there"\nhome: https://contoso.example/?a=1&b=2\n',
  people:
    'maintainers:\n- {name: Ada, email: ada@contoso.example}\n- {name: Grace, url: https://grace.example}\n- {email: x@y.z}\n',
  sources:
    'sources: [https://git.contoso.example/app, https://other.example]\nkeywords: [a, b]\nicon: https://contoso.example/i.png\n',
  annotated:
    'description: drawn\nannotations:\n  zeta: "1"\n  alpha: "true"\n  org.opencontainers.image.description: written\n' +
    '  org.opencontainers.image.title: not taken\n  org.opencontainers.image.source: ""\n',
  typed: 'type: library\nappVersion: "1.10"\nkubeVersion: ">= 1.29.0-0 < 2"\ndeprecated: true\n',
  old: 'appVersion: 1.0\nengine: gotpl\ncondition: a.b\ntags: x,y\nunknown: {a: [1]}\n',
  dependent:
    'dependencies:\n- name: lib\n  version: ">0.1 <2"\n  repository: oci://contoso.azurecr.io/helm\n  alias: library\n' +
    '  condition: lib.on\n  tags: [a]\n  import-values: [data, {child: a, parent: b}]\n',
  numbers: 'description: 0x1F\nappVersion: 1e3\nannotations: {date: 2024-01-01, "no": "off"}\n',
  signed: '',
};

describe('A pushed manifest', () => {
  let pipeline: Pipeline;
  let helm: HelmClient;

  before(async () => {
    pipeline = await startPipeline({ helm: null });
    helm = await helmClient(pipeline, 'helm-4.1');
    const files = Object.entries(charts).map(([name, more]) => {
      // Helm takes the time of the file, the task that of Chart.yaml in it.
      const file = stage(pipeline, `${name}-1.2.3+b.1.tgz`, chartArchive(name, '1.2.3+b.1', more));
      utimesSync(file, 1_700_000_000, 1_700_000_000);
      return file;
    });
    stage(pipeline, 'signed-1.2.3+b.1.tgz.prov', '-----BEGIN PGP SIGNED MESSAGE-----\nname: signed\n');
    const pushed = await push(pipeline, { sourceAnnotations: 'false', repositoryPrefix: 'by-task' });
    assert.equal(pushed.result, 'Succeeded', pushed.log.join('\n'));
    for (const file of files) await helm.run('push', file, 'oci://contoso.azurecr.io/by-helm');
  });

  after(() => pipeline.close());

  for (const name of Object.keys(charts)) {
    it(`is the one that helm push makes, byte for byte (${name})`, async () => {
      const ours = await pipeline.registry.manifest(`by-task/${name}`, '1.2.3_b.1');
      const helms = await pipeline.registry.manifest(`by-helm/${name}`, '1.2.3_b.1');
      assert.equal(ours?.bytes.toString(), helms?.bytes.toString());
      assert.equal(ours?.mediaType, helms?.mediaType);
      assert.equal(ours?.digest, helms?.digest);
    });
  }

  it('carries the provenance file beside the archive', async () => {
    const manifest = await pipeline.registry.manifest('by-task/signed', '1.2.3_b.1');
    assert.match(manifest?.bytes.toString() ?? '', /application\/vnd\.cncf\.helm\.chart\.provenance\.v1\.prov/);
  });

  it('differs by the commit and its repository alone when these are wanted', async () => {
    const chartPath = stage(pipeline, 'plain.tgz', chartArchive('plain', '1.2.3+b.1'));
    const step = await push(pipeline, { chartPath, repositoryPrefix: 'annotated' });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const [with_, without] = await Promise.all(
      ['annotated', 'by-task'].map(async (prefix) => {
        const manifest = await pipeline.registry.manifest(`${prefix}/plain`, '1.2.3_b.1');
        return JSON.parse(manifest?.bytes.toString() ?? '{}') as { annotations: object };
      }),
    );
    assert.deepEqual(with_, {
      ...without,
      annotations: {
        ...without?.annotations,
        'org.opencontainers.image.revision': '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2',
        'org.opencontainers.image.source': 'https://dev.azure.com/contoso/delivery/_git/orders',
      },
    });
  });
});
