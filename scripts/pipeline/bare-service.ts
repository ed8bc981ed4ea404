import { randomInt } from 'node:crypto';
import type { JobOptions } from '../../test/agent/index.ts';
import type {
  ChecksOutcome,
  QueuedRun,
  RunIdentity,
  RunService,
  StoredArtifact,
} from '../../test/agent/pipelines/run/service.ts';

/**
 * An Azure DevOps with nothing in it but what the run itself puts there: every environment exists and has no checks, there
 * are no variable groups, service connections or runs of other pipelines.
 */
export class BareService implements RunService {
  readonly #artifacts: StoredArtifact[] = [];
  readonly #id = randomInt(1000, 10_000);

  queue({ pipeline, reason }: QueuedRun): RunIdentity {
    const date = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const variables = { 'Build.Repository.Name': pipeline, 'Build.Reason': reason };
    return { id: this.#id, number: `${date}.1`, variables };
  }

  variableGroup(): undefined {
    return undefined;
  }

  hasEnvironment(): boolean {
    return true;
  }

  check(): Promise<ChecksOutcome> {
    return Promise.resolve({ result: 'passed', approvers: [] });
  }

  jobOptions(): Promise<JobOptions> {
    return Promise.resolve({});
  }

  /** A second artifact of a name adds its files to the first. */
  publish(_run: RunIdentity, artifact: StoredArtifact): void {
    const known = this.#artifacts.findIndex(({ name }) => name.toLowerCase() === artifact.name.toLowerCase());
    const [before] = known < 0 ? [] : this.#artifacts.splice(known, 1);
    this.#artifacts.push({ ...artifact, files: new Map([...(before?.files ?? []), ...artifact.files]) });
  }

  artifacts(): readonly StoredArtifact[] {
    return this.#artifacts;
  }

  latestRun(): undefined {
    return undefined;
  }

  deployed(): void {
    // There is no history to keep: the run is the only one.
  }

  complete(): void {
    // The record tells how the run ended.
  }
}
