import path from 'node:path';
import { referencedConnections } from './connection-input.ts';
import { taskEnvironment } from './environment.ts';
import { resolveInputs } from './inputs.ts';
import type { JobSetup } from './job-setup.ts';
import { expandMacros } from './macros.ts';
import type { StepStart } from './step-run.ts';
import { chooseHandler, versionOf, type TaskDefinition } from './task-definition.ts';
import type { Variables } from './variables.ts';

/** A task in a job: what its main run and its post-job run share. */
export interface TaskStep {
  readonly name: string;
  /** Folder of the built task. */
  readonly folder: string;
  readonly definition: TaskDefinition;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Path of the node binary. */
  readonly node: string;
  readonly taskVariables: Variables;
}

/** Prepares the process of a task. Throws PipelineError for what the server would refuse. */
export function taskStart(step: TaskStep, stage: 'execution' | 'postjobexecution', setup: JobSetup): StepStart {
  const { definition } = step;
  const { state, machine, connections, systemConnection, tree } = setup;
  const { variables } = state;
  const inputSources = { definition, given: step.inputs, connections, variables, machine };
  const inputs = resolveInputs({ ...inputSources, sourcesFolder: sourcesFolder(setup) });
  const handler = chooseHandler(definition, stage);
  const target = path.resolve(step.folder, handler.target);
  const environment = taskEnvironment({
    machine,
    stepEnvironment: expandEnvironment(step.environment, setup),
    inputs,
    connections: [...referencedConnections(definition.inputs ?? [], inputs, connections), systemConnection],
    variables,
    taskVariables: step.taskVariables,
    prependedPaths: state.prependedPaths,
  });
  return {
    file: step.node,
    args: [target],
    cwd: handler.workingDirectory ?? variables.get('System.DefaultWorkingDirectory') ?? tree.sources,
    environment,
    banner: banner(definition),
    failure: (code) => `Exit code ${code} returned from process: file name '${step.node}', arguments '"${target}"'.`,
  };
}

/** Where file paths of inputs begin: a checkout with a path of its own moves it. */
export function sourcesFolder({ state, tree }: JobSetup): string {
  return state.variables.get('Build.SourcesDirectory') ?? tree.sources;
}

/** `env:` of a step: trimmed, and expanded from variables, then from the agent's own environment. */
export function expandEnvironment(
  environment: Readonly<Record<string, string>>,
  setup: JobSetup,
): Record<string, string> {
  const expanded = Object.entries(environment).map(([name, value]) => {
    return [name.trim(), expandText(value.trim(), setup)] as const;
  });
  return Object.fromEntries(expanded);
}

/** A text with its macros replaced: by variables, then by the environment of the agent's own process. */
export function expandText(text: string, { state, machine }: JobSetup): string {
  return expandMacros(state.variables.expand(text), (name) => machine[name]);
}

function banner(definition: TaskDefinition): string[] {
  const rule = '='.repeat(78);
  return [
    rule,
    `Task         : ${definition.friendlyName ?? definition.name}`,
    `Description  : ${definition.description ?? ''}`,
    `Version      : ${versionOf(definition)}`,
    `Author       : ${definition.author ?? ''}`,
    `Help         : ${definition.helpUrl ?? definition.helpMarkDown ?? ''}`,
    rule,
  ];
}
