/**
 * A value with the input that gives it, or would give it. Messages of shared code name no input but such ones: a task
 * passes what it has, so nobody is told to change an input that the step does not know.
 */
export interface Given<Value> {
  readonly input: string;
  readonly value: Value;
}

/** An input of a task, by its name. */
export function given<Inputs extends object, Name extends keyof Inputs & string>(
  inputs: Inputs,
  input: Name,
): Given<Inputs[Name]> {
  return { input, value: inputs[input] };
}
