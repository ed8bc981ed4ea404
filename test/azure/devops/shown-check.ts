import type { Exchange } from '../network/exchange.ts';
import { type CheckConfiguration, typeOf } from './configurations.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import { stamped } from './stamp.ts';

/** The checks of an environment as the REST API tells them. */
export function shownAll(environment: PlayedEnvironment, exchange: Exchange): Record<string, unknown>[] {
  return environment.configurations.all.map((check) => shown(check, environment, exchange));
}

/** Settings come where they are asked for, and in the answer to a new check. */
export function shown(
  { id, kind, version, settings, timeout, isDisabled, created, modified }: CheckConfiguration,
  environment: PlayedEnvironment,
  exchange: Exchange,
  withSettings = exchange.query.get('$expand') === 'settings',
): Record<string, unknown> {
  const [, project = ''] = /^(.*\/_apis)\//i.exec(exchange.url.origin + exchange.path) ?? [];
  const url = `${project}/pipelines/checks/configurations/${id}`;
  const resource = { type: 'environment', id: String(environment.id) };
  const own = { id, version, type: typeOf(kind), ...(timeout > 0 && { timeout }), resource };
  const made = { ...stamped('created', created), ...stamped('modified', modified) };
  // Earlier versions of the API do not tell which checks are switched off, and no version which are not.
  const isNew = exchange.query.get('api-version')?.startsWith('7.2') === true;
  const state = isNew && isDisabled ? { isDisabled } : {};
  const told = withSettings ? { settings: kind === 'lock' ? null : settings } : {};
  return { ...made, ...own, ...state, ...told, url, _links: { self: { href: url } } };
}
