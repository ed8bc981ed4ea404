import path from 'node:path';

// What kyverno tells on stderr: lines of a log with colours, then perhaps an error.

// oxlint-disable-next-line no-control-regex
const colours = /\u001b\[[\d;]*m/g;

/**
 * The files that kyverno passed over, with the reason, by their names. It tells so at level 3 only, and its exit code says
 * nothing of it (1.19.1, cmd/cli/kubectl-kyverno/commands/apply/command.go).
 */
export function unreadFiles(stderr: string): ReadonlyMap<string, string> {
  const lines = stderr
    .replaceAll(colours, '')
    .matchAll(/ skipping invalid YAML file error="failed to load file (.+?\.yaml): (.*)" logger=/g);
  return new Map([...lines].map(([, file = '', reason = '']) => [path.basename(file), reason.replaceAll('\\"', '"')]));
}

/** The error that kyverno ended with, on one line; empty where there is none. */
export function errorIn(stderr: string): string {
  const [, error = ''] =
    /^(?:Error|panic): ([\s\S]*?)(?:\n\ngoroutine |$(?![\s\S]))/m.exec(stderr.replaceAll(colours, '')) ?? [];
  return error.replaceAll(/\s+/g, ' ').trim().slice(0, 1000);
}
