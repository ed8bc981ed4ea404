/** One error of the distribution specification's error body. */
export interface RegistryFault {
  readonly code: string;
  readonly message: string;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A text field of a registry's JSON answer; undefined when the answer has none. */
export function registryAnswer(body: string, field: string): string | undefined {
  const answer = parsed(body);
  if (answer === null || typeof answer !== 'object') return undefined;
  const value = Object.entries(answer).find(([name]) => name === field)?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The first entry of `{"errors":[{"code","message"}]}`, shortened; undefined for any other body. */
export function registryFault(body: string): RegistryFault | undefined {
  const answer = parsed(body);
  if (answer === null || typeof answer !== 'object' || !('errors' in answer)) return undefined;
  const first: unknown = Array.isArray(answer.errors) ? answer.errors[0] : undefined;
  if (first === null || typeof first !== 'object') return undefined;
  const code = 'code' in first && typeof first.code === 'string' ? first.code : '';
  const message = 'message' in first && typeof first.message === 'string' ? first.message : '';
  return { code: code.slice(0, 60), message: message.slice(0, 400) };
}
