import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Job } from '../job.ts';
import type { StepContext } from '../pipelines/run/steps.ts';
import { filesUnder } from './artifact-files.ts';
import type { StepKind } from './step-kind.ts';

/** `publish:`, PublishPipelineArtifact@1: a file or folder becomes an artifact of the run. */
export const publish: StepKind = {
  title: 'PublishPipelineArtifact@1',
  ids: ['ecdc45f6-832d-4ad9-b52b-ee49e94659be'],
  inputs: 'path targetPath artifact artifactName artifactType publishLocation',
  unplayed: (inputs) => {
    const location = inputs.text('publishLocation', 'artifactType')?.toLowerCase() ?? 'pipeline';
    return location === 'pipeline' ? undefined : `PublishPipelineArtifact@1 with publishLocation ${location}`;
  },
  run: (job, { inputs, options, context }) =>
    job.runAction({
      ...options,
      act: ({ transcript }) => {
        const place = path.resolve(
          job.expand('$(System.DefaultWorkingDirectory)'),
          inputs.text('targetPath', 'path') ?? job.expand('$(Pipeline.Workspace)'),
        );
        if (!existsSync(place)) throw new Error(`Path does not exist: ${place}`);
        if (existsSync(path.join(place, '.artifactignore')))
          throw new Error(`${place} has a file .artifactignore, which is not supported.`);
        const name = inputs.text('artifactName', 'artifact') ?? ofJob(job);
        const { run, service } = context;
        if (service.artifacts(run.id).some((known) => known.name.toLowerCase() === name.toLowerCase())) {
          throw new Error(`Artifact ${name} already exists for build ${run.id}.`);
        }
        const files = filesUnder(place);
        service.publish(run, { name, kind: 'PipelineArtifact', files });
        transcript.output(`Artifact ${name}: ${[...files.keys()].join(', ')}`);
        return Promise.resolve();
      },
    }),
};

/** Without a name the artifact gets that of the job. */
function ofJob({ variables }: Job): string {
  const names = ['System.StageName', 'System.PhaseName'].map((name) => variables.get(name) ?? '');
  return names.filter((name) => !['', '__default'].includes(name)).join('.');
}

/** Hands over to the server what steps of the job put into artifacts by `artifact.upload`, which may add to one of them. */
export function publishUploads({ record }: Job, { run, service }: StepContext): void {
  for (const { name, location } of record.takeUploads()) {
    service.publish(run, { name, kind: 'Container', files: filesUnder(location) });
  }
}
