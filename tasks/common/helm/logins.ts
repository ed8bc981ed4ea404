import { configField, isMapping } from './config-file.ts';
import type { HelmCli } from './helm-cli.ts';

/** What `helm registry login` left on this agent, by registry: helm forgets it when it is given another file. */
export async function knownLogins(helm: Pick<HelmCli, 'setting'>): Promise<Record<string, { auth: string }>> {
  const entries = await configField('HELM_REGISTRY_CONFIG', 'auths', helm);
  if (!isMapping(entries)) return {};
  return Object.fromEntries(
    Object.entries(entries).flatMap(([registry, login]) =>
      isMapping(login) && typeof login['auth'] === 'string' ? [[registry, { auth: login['auth'] }]] : [],
    ),
  );
}
