/** Whole deliveries: a repository, its pipelines, and the Azure that they need. */
export { namedIn, type Named, type NamedConnection } from './named.ts';
export { programsIn } from './programs.ts';
export { Project, type ProjectPipeline, type RunRequest } from './project.ts';
export { SampleRepository, templatesFolder } from './sample.ts';
export { World, type WorldOptions } from './world.ts';
