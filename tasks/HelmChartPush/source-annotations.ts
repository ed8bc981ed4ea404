import type { TaskContext } from '../common/task/context.ts';

/** Where the chart comes from, as annotations of the OCI image specification; empty outside a run. */
export function sourceAnnotations(context: Pick<TaskContext, 'variable'>): Record<string, string> {
  const revision = context.variable('Build.SourceVersion');
  const source = context.variable('Build.Repository.Uri');
  return {
    ...(revision && { 'org.opencontainers.image.revision': revision }),
    ...(source && { 'org.opencontainers.image.source': withoutUser(source) }),
  };
}

/** Azure Repos puts the organisation, other servers even a token, before the host. */
function withoutUser(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}
