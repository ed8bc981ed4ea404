/** A file that a step attached to the run. */
export interface Attachment {
  /** `DistributedTask.Core.Summary` for a summary, `DistributedTask.Core.FileAttachment` for an uploaded file, else as given. */
  readonly type: string;
  readonly name: string;
  readonly step: string;
  readonly content: Buffer;
}

export interface Artifact {
  readonly name: string;
  readonly type: 'container' | 'filepath' | 'versioncontrol' | 'gitref' | 'tfvclabel';
  /** For a container: the folder that now holds the files. Else what the command named. */
  readonly location: string;
}

/** Results of tests that a step handed over. */
export interface TestResults {
  readonly step: string;
  /** `JUnit`, `VSTest`, ... */
  readonly format: string;
  readonly title: string;
  /** By the file's path. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What the server would know of the run from this job. */
export class RunRecord {
  readonly attachments: Attachment[] = [];
  readonly artifacts: Artifact[] = [];
  readonly testResults: TestResults[] = [];
  readonly buildTags: string[] = [];
  readonly telemetry: { readonly area: string; readonly feature: string; readonly data: string }[] = [];
  readonly progress: { readonly step: string; readonly percent: number; readonly operation: string }[] = [];
  readonly details = new Map<string, Readonly<Record<string, string>>>();
  readonly #uploaded = new Set<string>();

  /** A second upload adds to the artifact of that name; names differ by more than case. */
  addArtifact(artifact: Artifact): void {
    const key = artifact.name.toLowerCase();
    if (artifact.type === 'container') this.#uploaded.add(key);
    if (!this.artifacts.some(({ name }) => name.toLowerCase() === key)) this.artifacts.push(artifact);
  }

  /** The artifacts whose files grew since the last call. */
  takeUploads(): Artifact[] {
    const taken = this.artifacts.filter(({ name }) => this.#uploaded.has(name.toLowerCase()));
    this.#uploaded.clear();
    return taken;
  }

  /** The Markdown pages of the run's summary, in order. */
  get summaries(): string[] {
    return this.attachments
      .filter(({ type }) => type === summaryAttachment)
      .map(({ content }) => content.toString('utf8'));
  }
}

export const summaryAttachment = 'DistributedTask.Core.Summary';
export const fileAttachment = 'DistributedTask.Core.FileAttachment';
