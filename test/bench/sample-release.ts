import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../unit/chart/hostile-archive.ts';
import { behaviourAnnotation, type Behaviour, type EmulatedRegistry } from '../azure/index.ts';
import { chartsFolder, loginServer } from './pipeline.ts';

const name = 'go-template-app';

/** A version of the sample chart in a registry. */
export interface PushedChart {
  /** By its version: `oci://contoso.azurecr.io/helm/go-template-app:1.0.0`. */
  readonly reference: string;
  /** The same by digest alone. */
  readonly byDigest: string;
  readonly digest: string;
}

/** Puts a version of the sample chart, with the chart that it depends on, into a registry. */
export async function pushSample(registry: EmulatedRegistry, version: string): Promise<PushedChart> {
  const digest = await registry.seedChart('helm', { name, version, archive: sampleArchive(version) });
  const repository = `oci://${loginServer}/helm/${name}`;
  return { reference: `${repository}:${version}`, byDigest: `${repository}@${digest}`, digest };
}

/** The sample chart as `helm package` would pack it, under a version of its own. */
export function sampleArchive(version: string): Buffer {
  const own = filesIn(name).filter(({ file }) => file !== '.helmignore');
  const vendored = filesIn('contoso-common').map(({ file, body }) => ({ file: `charts/contoso-common/${file}`, body }));
  const entries = [...own, ...vendored].map(({ file, body }) => {
    const content = file === 'Chart.yaml' ? body.toString().replace(/^version: .*$/m, `version: ${version}`) : body;
    return { name: `${name}/${file}`, body: content, mtime: 1_700_000_000 };
  });
  // Helm takes the first file for the chart's.
  entries.sort((a, b) => Number(b.name === `${name}/Chart.yaml`) - Number(a.name === `${name}/Chart.yaml`));
  return gzipSync(tarOf(entries));
}

function filesIn(chart: string): { file: string; body: Buffer }[] {
  const folder = path.join(chartsFolder, chart);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => ({ file: file.split(path.sep).join('/'), body: readFileSync(path.join(folder, file)) }));
}

/** Lines of the input `setString` that make the pods of the sample chart behave so, on both clusters. */
export function behaving(behaviour: Behaviour): string {
  return `podAnnotations.${behaviourAnnotation.replaceAll('.', '\\.')}=${behaviour}`;
}
