import { Refused } from '../yaml/refusal.ts';
import { textOf, valueOf, type Token } from '../yaml/token.ts';

// What the service checks once a pipeline is expanded: names, and what depends on what. Its words are those of the same
// checks in its relative (actions/runner, PipelineStrings.cs); they come without a place in the file.

/** The stage of a file without stages. */
const onlyStage = '__default';
const validName = /^[a-z_][a-z0-9_]*$/i;
const nameRule = "Valid names may only contain alphanumeric characters and '_' and may not start with a number.";

/** Throws Refused for an expanded pipeline, in the preview's form, that the service would not run. */
export function validate(pipeline: Token): void {
  const stages = itemsOf(pipeline, 'stages');
  const complaints = [...orderOfStages(stages), ...stages.flatMap((stage) => ofStage(stage))];
  if (complaints.length > 0) throw new Refused(complaints);
}

/** A stage, or a job of a stage. */
interface Vertex {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** How the service speaks of a kind of vertex. */
interface Words {
  /** `Stage a`, `Job a`, or `Stage a job b`. */
  readonly title: (name: string) => string;
  readonly kind: 'stage' | 'job';
  readonly twice: (name: string) => string;
  readonly whole: string;
}

function orderOfStages(stages: readonly Token[]): string[] {
  const vertices = stages.map((stage, index): Vertex => {
    const before = stages[index - 1];
    const given = valueOf(stage, 'dependsOn') === undefined ? undefined : namesIn(stage, 'dependsOn');
    const byDefault = before === undefined ? [] : [textOf(before, 'stage') ?? ''];
    return { name: textOf(stage, 'stage') ?? '', dependsOn: given ?? byDefault };
  });
  return orderOf(vertices, {
    title: (name) => `Stage ${name}`,
    kind: 'stage',
    twice: (name) => `The stage name ${name} appears more than once. Stage names must be unique within a pipeline.`,
    whole: 'The pipeline',
  });
}

function ofStage(stage: Token): string[] {
  const name = textOf(stage, 'stage') ?? '';
  const isOnly = name === onlyStage;
  const jobs = itemsOf(stage, 'jobs');
  const vertices = jobs.map((job): Vertex => ({ name: nameOf(job), dependsOn: namesIn(job, 'dependsOn') }));
  const complaints = orderOf(vertices, {
    title: (job) => (isOnly ? `Job ${job}` : `Stage ${name} job ${job}`),
    kind: 'job',
    twice: (job) =>
      isOnly
        ? `The job name ${job} appears more than once. Job names must be unique within a pipeline.`
        : `Stage ${name} job ${job} appears more than once. Job names must be unique within a stage.`,
    whole: isOnly ? 'The pipeline' : `Stage ${name}`,
  });
  return [...complaints, ...jobs.flatMap((job) => ofSteps(nameOf(job), stepsOf(job)))];
}

const nameOf = (job: Token): string => textOf(job, 'job') ?? textOf(job, 'deployment') ?? '';

/** A name with a macro or none is not known yet. */
const isKnown = (name: string): boolean => name !== '' && !name.includes('$');

/** Names first; where nothing can begin, the service looks no further. */
function orderOf(vertices: readonly Vertex[], words: Words): string[] {
  const { title, kind, twice, whole } = words;
  const names = vertices.map(({ name }) => name.toLowerCase());
  const complaints = vertices.flatMap(({ name }, index) => {
    if (!isKnown(name)) return [];
    if (!validName.test(name)) return [`${title(name)} has an invalid name. ${nameRule}`];
    return names.indexOf(name.toLowerCase()) < index ? [twice(name)] : [];
  });
  if (vertices.length > 0 && vertices.every(({ dependsOn }) => dependsOn.length > 0))
    return [...complaints, `${whole} must contain at least one ${kind} with no dependencies.`];
  for (const { name, dependsOn } of vertices) {
    const unknown = dependsOn.filter((other) => !names.includes(other.toLowerCase()));
    complaints.push(...unknown.map((other) => `${title(name)} depends on unknown ${kind} ${other}.`));
  }
  return complaints.length > 0 ? complaints : circleIn(vertices, title, kind);
}

/** The first dependency that leads back, as the search meets it. */
function circleIn(vertices: readonly Vertex[], title: Words['title'], kind: Words['kind']): string[] {
  const done = new Set<Vertex>();
  const search = (vertex: Vertex, way: readonly Vertex[]): string | undefined => {
    if (done.has(vertex)) return undefined;
    for (const name of vertex.dependsOn) {
      const next = vertices.find((other) => other.name.toLowerCase() === name.toLowerCase());
      if (next === undefined) continue;
      if (next === vertex || way.includes(next))
        return `${title(vertex.name)} depends on ${kind} ${next.name} which creates a cycle in the dependency graph.`;
      const found = search(next, [...way, vertex]);
      if (found !== undefined) return found;
    }
    done.add(vertex);
    return undefined;
  };
  for (const vertex of vertices) {
    const found = search(vertex, []);
    if (found !== undefined) return [found];
  }
  return [];
}

function ofSteps(job: string, steps: readonly Token[]): string[] {
  const seen = new Set<string>();
  return steps.flatMap((step) => {
    const name = textOf(step, 'name') ?? '';
    if (!isKnown(name)) return [];
    if (!validName.test(name)) return [`Job ${job}: Step ${name} has an invalid name. ${nameRule}`];
    if (!seen.has(name.toLowerCase())) {
      seen.add(name.toLowerCase());
      return [];
    }
    return [`Job ${job}: The step name ${name} appears more than once. Step names must be unique within a job.`];
  });
}

/** Of a job, or of the hooks of a deployment, each of which is a job of its own to the service. */
function stepsOf(job: Token): readonly Token[] {
  return itemsOf(job, 'steps');
}

function itemsOf(token: Token, name: string): readonly Token[] {
  const value = valueOf(token, name);
  return value?.kind === 'sequence' ? value.items : [];
}

function namesIn(token: Token, name: string): string[] {
  return itemsOf(token, name).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
}
