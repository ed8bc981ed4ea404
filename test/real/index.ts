export { startDockerRegistry, type DockerRegistry, type DockerRegistryOptions } from './docker-registry.ts';
export { node, type NodeMajor } from './node-versions.ts';
export { programs, type ProgramId } from './programs.ts';
export { hasProgram, realProgram } from './real-program.ts';
