import type { AskDevOps, DevOpsAnswer, Values } from '../common/devops/rest.ts';
import { DevOpsRefusal, listOf, valuesOf } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';

/** An environment as the service tells of it. */
export interface FoundEnvironment {
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

/** Which pipelines may use an environment. */
export interface FoundPermissions {
  /** Whether every pipeline may. */
  readonly isOpen: boolean;
  /** Those that may by name, with who let them, by the ids of identities. */
  readonly pipelines: ReadonlyMap<number, string | undefined>;
}

// Only this version tells whether a check is switched off.
const version = 'api-version=7.2-preview.1';
const page = 1000;
/** A project has fewer environments by far; a list that leads in a circle ends here, too. */
const mostPages = 100;
/** In one query for the checks of many environments, or for many pipelines. */
const mostQueried = 200;

/** Environments and their checks in one project. Every method throws DevOpsRefusal. */
export class EnvironmentService {
  readonly #ask: AskDevOps;
  readonly #project: string;

  /** @param project id or name */
  constructor(ask: AskDevOps, project: string) {
    this.#ask = ask;
    this.#project = `${encodeURIComponent(project)}/_apis/`;
  }

  /** All of the project that this identity sees. */
  environments(): Promise<FoundEnvironment[]> {
    return this.#environments('');
  }

  /** The one of a name; names have no case. */
  async named(name: string): Promise<FoundEnvironment | undefined> {
    // Whether the service compares whole names is not documented: there may be pages of others that begin alike.
    const similar = await this.#environments(`&name=${encodeURIComponent(name)}`);
    return similar.find((each) => each.name.toLowerCase() === name.toLowerCase());
  }

  async create(name: string, description: string): Promise<FoundEnvironment> {
    const { value } = await this.#send('POST', `pipelines/environments?${version}`, { name, description });
    const [made] = environmentIn(value);
    if (made === undefined) throw new DevOpsRefusal(undefined, 'the answer to a new environment holds no id');
    return made;
  }

  async describe({ id, name }: FoundEnvironment, description: string): Promise<void> {
    await this.#send('PATCH', `pipelines/environments/${id}?${version}`, { name, description });
  }

  /** The checks of many environments, by the ids of these. */
  async checks(environments: readonly FoundEnvironment[]): Promise<Map<number, Values[]>> {
    const found = new Map(environments.map(({ id }) => [id, new Map<unknown, Values>()]));
    for (let first = 0; first < environments.length; first += mostQueried) {
      const body = environments.slice(first, first + mostQueried).map(resourceOf);
      const address = `${this.#project}pipelines/checks/queryconfigurations?$expand=settings&${version}`;
      const { value } = await this.#ask({ method: 'POST', address, body, isRead: true });
      for (const check of valuesOf(value)) {
        const { id } = isMapping(check['resource']) ? check['resource'] : {};
        // One that came twice would be taken for a second, and taken away.
        found.get(Number(id))?.set(check['id'], check);
      }
    }
    return new Map([...found].map(([id, checks]) => [id, [...checks.values()]]));
  }

  /** @returns the id of the check */
  async addCheck(environment: FoundEnvironment, body: Values): Promise<number> {
    const whole = { ...body, resource: resourceOf(environment) };
    const { value } = await this.#send('POST', `pipelines/checks/configurations?${version}`, whole);
    return Number(isMapping(value) ? value['id'] : undefined);
  }

  /** @param body the whole check, with its id and version */
  async changeCheck(environment: FoundEnvironment, body: Values & { readonly id: unknown }): Promise<void> {
    const whole = { ...body, resource: resourceOf(environment) };
    await this.#send('PATCH', `pipelines/checks/configurations/${Number(body.id)}?${version}`, whole);
  }

  async removeCheck(id: number): Promise<void> {
    await this.#ask({ method: 'DELETE', address: `${this.#project}pipelines/checks/configurations/${id}?${version}` });
  }

  async permissions({ id }: FoundEnvironment): Promise<FoundPermissions> {
    const { value } = await this.#get(`pipelines/pipelinepermissions/environment/${id}?api-version=7.1-preview.1`);
    if (!isMapping(value)) throw new DevOpsRefusal(200, 'an answer without permissions');
    const { allPipelines, pipelines } = value;
    const permitted = listOf(pipelines).filter(({ authorized }) => authorized !== false);
    return {
      isOpen: isMapping(allPipelines) && allPipelines['authorized'] === true,
      pipelines: new Map(permitted.map((each) => [Number(each['id']), identityIn(each['authorizedBy'])])),
    };
  }

  async permit({ id }: FoundEnvironment, pipelines: ReadonlyMap<number, boolean>): Promise<void> {
    const body = { pipelines: [...pipelines].map(([pipeline, authorized]) => ({ id: pipeline, authorized })) };
    await this.#send('PATCH', `pipelines/pipelinepermissions/environment/${id}?api-version=7.1-preview.1`, body);
  }

  /** Pipelines of a name, in whatever folder; the service takes `*` for any characters. */
  async pipelinesNamed(name: string): Promise<readonly Values[]> {
    return valuesOf((await this.#get(`build/definitions?name=${encodeURIComponent(name)}&api-version=7.1`)).value);
  }

  async pipelinesWithIds(ids: readonly number[]): Promise<readonly Values[]> {
    const found: Values[] = [];
    for (let first = 0; first < ids.length; first += mostQueried) {
      const some = ids.slice(first, first + mostQueried).join(',');
      const { value } = await this.#get(`build/definitions?definitionIds=${some}&api-version=7.1`);
      for (const each of valuesOf(value)) found.push(each);
    }
    return found;
  }

  /** The id of the identity that asks. */
  async self(): Promise<string | undefined> {
    const { value } = await this.#ask({ method: 'GET', address: '_apis/connectionData?api-version=7.1-preview.1' });
    return isMapping(value) ? identityIn(value['authenticatedUser']) : undefined;
  }

  async #environments(filter: string): Promise<FoundEnvironment[]> {
    const found: FoundEnvironment[] = [];
    let next = '';
    for (let pages = 0; pages < mostPages; pages += 1) {
      const { value, continuation } = await this.#get(`pipelines/environments?$top=${page}${filter}${next}&${version}`);
      for (const each of valuesOf(value)) found.push(...environmentIn(each));
      if (continuation === undefined || continuation === '') return found;
      next = `&continuationToken=${encodeURIComponent(continuation)}`;
    }
    throw new DevOpsRefusal(200, `a list that has not ended after ${mostPages} pages`);
  }

  #get(address: string): Promise<DevOpsAnswer> {
    return this.#ask({ method: 'GET', address: this.#project + address });
  }

  #send(method: 'POST' | 'PATCH', address: string, body: unknown): Promise<DevOpsAnswer> {
    return this.#ask({ method, address: this.#project + address, body });
  }
}

const resourceOf = ({ id, name }: FoundEnvironment): Values => ({ type: 'environment', id: String(id), name });

function environmentIn(value: unknown): FoundEnvironment[] {
  if (!isMapping(value)) return [];
  const { name, description } = value;
  const id = numberIn(value['id']);
  if (id === undefined || typeof name !== 'string') return [];
  return [{ id, name, description: typeof description === 'string' ? description : '' }];
}

/** An id that is a number, be it written as a text. */
export function numberIn(id: unknown): number | undefined {
  const number = typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : id;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** The id of a reference to an identity, in lower case. */
export function identityIn(value: unknown): string | undefined {
  const id = isMapping(value) ? value['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id.toLowerCase() : undefined;
}
