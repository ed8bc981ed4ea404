import { NotSupported } from '../yaml/refusal.ts';

/** A stage among stages, or a job among the jobs of its stage. Names differ by more than case. */
export interface Vertex {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** Gives every stage what it depends on: by default the stage before it. */
export function stageOrder<T extends { readonly name: string; readonly dependsOn?: readonly string[] }>(
  stages: readonly T[],
): (T & Vertex)[] {
  return stages.map((stage, index) => {
    const before = stages[index - 1];
    return { ...stage, dependsOn: stage.dependsOn ?? (before ? [before.name] : []) };
  });
}

/** Jobs start at once by default. */
export function jobOrder<T extends { readonly name: string; readonly dependsOn?: readonly string[] }>(
  jobs: readonly T[],
): (T & Vertex)[] {
  return jobs.map((job) => ({ ...job, dependsOn: job.dependsOn ?? [] }));
}

/** Everything that a vertex depends on, directly or not. Throws NotSupported for a circle or a name that nobody has. */
export function ancestorsOf<T extends Vertex>(vertex: T, vertices: readonly T[], path: readonly T[] = []): Set<T> {
  if (path.includes(vertex)) throw new NotSupported(`a circle of dependencies at '${vertex.name}'`);
  const found = new Set<T>();
  for (const name of vertex.dependsOn) {
    const before = vertices.find((other) => sameName(other.name, name));
    if (before === undefined) throw new NotSupported(`'${vertex.name}' depends on '${name}', which is not there`);
    found.add(before);
    for (const ancestor of ancestorsOf(before, vertices, [...path, vertex])) found.add(ancestor);
  }
  return found;
}

export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Plays every vertex once all that it depends on is over, whatever came of it; those that wait for nobody side by side. When
 * playing one throws, what depends on it is not played, and the first error is thrown once everything else has ended.
 */
export async function playGraph<T extends Vertex>(
  vertices: readonly T[],
  play: (vertex: T) => Promise<void>,
): Promise<void> {
  const ends = new Map<T, Promise<void>>();
  const end = (vertex: T): Promise<void> => {
    const begun = ends.get(vertex);
    if (begun !== undefined) return begun;
    const before = [...ancestorsOf(vertex, vertices)].map(end);
    const played = Promise.all(before).then(() => play(vertex));
    ends.set(vertex, played);
    return played;
  };
  await allEnded(vertices.map(end));
}

/** Waits for all, and then throws the first error: nobody goes on behind the caller's back. */
export async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(works);
  const failure = settled.find((one) => one.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
