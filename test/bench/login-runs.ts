import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import type { EmulatedRegistry } from '../azure/index.ts';
import { imageType } from './login-clients.ts';
import { loginServer, type Pipeline, type TaskStep } from './pipeline.ts';

type Inputs = Readonly<Record<string, string>>;

/** Runs ContainerRegistryLogin, for contoso.azurecr.io with the connection of the pipeline's identity if nothing else is said. */
export function logIn(pipeline: Pick<Pipeline, 'run'>, inputs: Inputs = {}, step: TaskStep = {}): Promise<StepResult> {
  const whole = { azureSubscription: 'contoso-azure', registry: loginServer, ...inputs };
  return pipeline.run('ContainerRegistryLogin', { condition: 'always()', ...step, inputs: whole });
}

/** Puts the image `app:1` into a registry, as others did before. */
export async function seedImage(registry: EmulatedRegistry): Promise<void> {
  const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
  const mediaType = 'application/vnd.docker.container.image.v1+json';
  const digest = await registry.seedBlob('app', config);
  const layers: unknown[] = [];
  const manifest = {
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType, digest, size: config.length },
    layers,
  };
  registry.seedManifest('app', '1', manifest, imageType);
}

/** Writes a file of the agent's user, which only that user can read; returns its path. */
export function homeFile({ job }: Pick<Pipeline, 'job'>, name: string, content: unknown, mode = 0o600): string {
  const file = path.join(job.folders.home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  return file;
}
