import { zipSync } from 'fflate';
import type { Exchange } from '../network/exchange.ts';
import type { ArtifactHosts } from './artifact-hosts.ts';
import { collection } from './dev-azure-locations.ts';
import { trouble } from './dev-azure-trouble.ts';
import type { PipelineRuns, PlayedArtifact, PlayedRun } from './pipeline-runs.ts';

/** Plays the build service of Azure DevOps: runs and their artifacts. */
export class Builds {
  readonly #runs: PipelineRuns;
  readonly #hosts: ArtifactHosts;
  readonly #organizationUri: string;

  constructor(runs: PipelineRuns, hosts: ArtifactHosts, organizationUri: string) {
    this.#runs = runs;
    this.#hosts = hosts;
    this.#organizationUri = organizationUri;
  }

  /** @returns false when the request is for another service. */
  async answer(exchange: Exchange): Promise<boolean> {
    const route = /^\/[^/]+\/([^/]+)\/_apis\/build\/builds\/(\d+)(\/artifacts)?$/i.exec(exchange.path);
    if (route === null || exchange.method !== 'GET') return false;
    const [, project = '', id = '', artifacts] = route;
    const run = this.#runs.find(project, Number(id));
    if (run === undefined) {
      await exchange.json(404, trouble(`The requested build ${id} could not be found.`, 'BuildNotFoundException'));
    } else if (artifacts === undefined) {
      await exchange.json(200, this.#build(run));
    } else {
      await this.#artifacts(exchange, run);
    }
    return true;
  }

  async #artifacts(exchange: Exchange, run: PlayedRun): Promise<void> {
    const name = exchange.query.get('artifactName');
    if (name === null) return exchange.json(200, collection(run.artifacts.map((each) => this.#artifact(run, each))));
    const artifact = run.artifacts.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (artifact === undefined) {
      const text = `The artifact ${name} does not exist for build ${run.id}.`;
      return exchange.json(404, trouble(text, 'ArtifactNotFoundException'));
    }
    if (exchange.query.get('$format') !== 'zip') return exchange.json(200, this.#artifact(run, artifact));
    await exchange.send(200, { 'Content-Type': 'application/zip' }, zipOf(artifact));
  }

  #build(run: PlayedRun): Record<string, unknown> {
    return {
      id: run.id,
      buildNumber: run.number,
      status: run.status,
      ...(run.status === 'completed' && { result: run.result, finishTime: '2026-01-05T08:10:00Z' }),
      queueTime: '2026-01-05T08:00:00Z',
      url: `${this.#organizationUri}${run.projectId}/_apis/build/Builds/${run.id}`,
      definition: { id: run.pipelineId, name: run.pipelineName, type: 'build', path: '\\' },
      ...(run.deleted === true && { deleted: true }),
      project: { id: run.saysProject ?? run.projectId, name: 'delivery', state: 'wellFormed', visibility: 'private' },
      sourceBranch: run.branch,
      sourceVersion: run.commit,
      reason: 'individualCI',
    };
  }

  #artifact(run: PlayedRun, artifact: PlayedArtifact): Record<string, unknown> {
    const { name, kind } = artifact;
    const query = new URLSearchParams({ artifactName: name });
    const address = `${this.#organizationUri}${run.projectId}/_apis/build/builds/${run.id}/artifacts?${query.toString()}`;
    const downloadUrl =
      kind === 'Container'
        ? `${address}&api-version=7.1&%24format=zip`
        : this.#hosts.link(run, name, () => zipOf(artifact));
    const data = kind === 'Container' ? `#/6297361/${name}` : '973C2055A1B5F0D301';
    return {
      id: 322,
      name,
      source: '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
      resource: { type: kind, data, url: address, downloadUrl },
    };
  }
}

/** Both kinds come with a folder of the artifact's name at the top. */
function zipOf({ name, files, zip }: PlayedArtifact): Buffer {
  if (zip !== undefined) return zip;
  const entries = Object.entries(files).map(([file, content]) => [`${name}/${file}`, content] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}
