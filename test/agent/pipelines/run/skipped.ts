import { ExpressionError } from '../expressions/value.ts';
import type { TaskResult } from '../../step-result.ts';
import { ancestorsOf, type Vertex } from './graph.ts';
import type { RunVariables, Surroundings } from './run-variables.ts';
import { isGood } from './statuses.ts';

/** Whether a stage or job runs; with what it becomes and why when it does not. */
export type Decision = 'runs' | { readonly result: 'Skipped' | 'Abandoned'; readonly message: string };

/** Works out the condition of a stage or job. One that cannot be worked out abandons it. */
export function decide<T extends Vertex & { readonly condition?: string }>(
  vertex: T,
  vertices: readonly T[],
  ended: ReadonlyMap<string, { readonly result: TaskResult }>,
  see: { readonly variables: RunVariables; readonly surroundings: Surroundings; readonly canceled: boolean },
): Decision {
  const condition = vertex.condition || 'succeeded()';
  const holds = orAbandoned(() => see.variables.holds(condition, see.surroundings));
  if (typeof holds === 'object') return holds;
  if (holds) return 'runs';
  const before = [...ancestorsOf(vertex, vertices)].map(({ name }) => [name, ended.get(name)?.result] as const);
  const bad = before.flatMap(([name, result]) =>
    result === undefined || isGood(result) ? [] : [`${name}: ${result}`],
  );
  const reasons = [...(see.canceled ? ['the run was cancelled'] : []), ...bad];
  const because = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return { result: 'Skipped', message: `The condition ${condition} is false${because}.` };
}

/** What cannot be worked out abandons the stage or job, with the service's message. */
export function orAbandoned<T extends object | boolean>(
  work: () => T,
): T | { readonly result: 'Abandoned'; readonly message: string } {
  try {
    return work();
  } catch (error) {
    if (error instanceof ExpressionError) return { result: 'Abandoned', message: error.message };
    throw error;
  }
}
