import { isMapping } from '../go/mapping.ts';
import type { HttpRequest } from '../network/index.ts';
import {
  type ApiRequest,
  ApiServer,
  type ClientContext,
  type ClientOptions,
  type RequestLimits,
} from './api-server.ts';
import { hostOf } from './errors.ts';
import { type ObjectList, type ObjectPage, type PageAnswer, pagesOf, type Selection, wholeList } from './lists.ts';
import { answeredObject, type KubernetesObject } from './objects.ts';
import type { OpenCluster } from './open-cluster.ts';
import { ApiRefusal, explainRefusal } from './refusals.ts';
import { eventsIn, type WatchEvent, watchRequest } from './watch.ts';

export type { ClientContext, ClientOptions, RequestLimits } from './api-server.ts';
export type { ObjectList, ObjectPage, Selection } from './lists.ts';
export type { KubernetesObject, ObjectMeta } from './objects.ts';
export type { WatchEvent } from './watch.ts';
export { ApiRefusal } from './refusals.ts';

/** What a DELETE is to look at, as Kubernetes' DeleteOptions. */
export interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/**
 * Speaks with the API server of a cluster, as the user of its kubeconfig. Paths are those of the API server, such as
 * `/api/v1/namespaces/web/pods/shop`; names in them are the caller's to encode.
 *
 * Broken connections, 429 and 5xx are tried again for a minute, writes too: a create that was done already then meets
 * itself as ApiRefusal 409 AlreadyExists, a conditional replace as 409 Conflict. All methods throw ApiRefusal for what
 * the API server refuses, TaskError when it is not reached, and the reason of a signal that ends them.
 */
export class KubernetesClient {
  readonly #cluster: OpenCluster;
  readonly #context: ClientContext;
  readonly #server: ApiServer;

  constructor(cluster: OpenCluster, context: ClientContext, options: ClientOptions = {}) {
    this.#cluster = cluster;
    this.#context = context;
    this.#server = new ApiServer(cluster, context, options);
  }

  /** Gets a token where one is needed, so that what is wrong with it shows now. */
  signIn(): Promise<void> {
    return this.#server.signIn();
  }

  /** Ends all connections, those of watches too. */
  close(): void {
    this.#server.close();
  }

  /** One object; undefined when the API server says that there is none, or no such kind (404). */
  async get(path: string, limits?: RequestLimits): Promise<KubernetesObject | undefined> {
    try {
      return await this.#answer({ method: 'GET', path, limits });
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * All objects of a kind, as they were at one version. @throws TaskError when they are more than the memory should hold:
   * then `pages` is the way.
   */
  async list(path: string, selection: Selection = {}, limits?: RequestLimits): Promise<ObjectList> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await wholeList(this.pages(path, selection, limits), `${path} of ${hostOf(this.#cluster)}`);
      } catch (error) {
        // The version of the first page is forgotten after some minutes, and then the list begins anew.
        if (!(error instanceof ApiRefusal) || error.status !== 410 || attempt === 3) throw error;
      }
    }
  }

  /**
   * The same page by page, for what is too much at once; the last one has the version from which a watch goes on.
   * @throws ApiRefusal 410 when it took so long that the API server forgot the version of the first page
   */
  pages(path: string, selection: Selection = {}, limits?: RequestLimits): AsyncGenerator<ObjectPage, void, undefined> {
    return pagesOf((request) => this.#send(request), path, selection, limits);
  }

  /**
   * What happens to the objects of a kind from a version on, with bookmarks of versions that passed without an event. It ends
   * after some minutes, and whenever the connection breaks: the caller goes on from the last version that it saw, or lists
   * anew after 410 (an ERROR event, or ApiRefusal).
   */
  async *watch(
    path: string,
    { resourceVersion, ...selection }: Selection & { readonly resourceVersion: string },
    signal?: AbortSignal,
  ): AsyncGenerator<WatchEvent, void, undefined> {
    const request = watchRequest(path, selection, resourceVersion, signal);
    const { status, bytes, stream } = await this.#server.send(request);
    if (stream === undefined) throw this.#refusal(status, answeredObject(bytes.toString('utf8')), request);
    const ends = signal === undefined ? this.#context.signal : AbortSignal.any([this.#context.signal, signal]);
    yield* eventsIn(stream, hostOf(this.#cluster), ends);
  }

  /** What a kubelet says in plain text, such as the log of a container. @throws ApiRefusal, also for what is not there */
  async text(path: string, limits?: RequestLimits): Promise<string> {
    const request: ApiRequest = { method: 'GET', path, headers: { accept: '*/*' }, isHandedOn: true, limits };
    const { status, bytes } = await this.#server.send(request);
    const text = bytes.toString('utf8');
    if (status < 200 || status >= 300) throw this.#refusal(status, answeredObject(text), request);
    return text;
  }

  /** POSTs an object to the path of its kind. One with `generateName` is not sent again after a broken connection. */
  create(path: string, object: object, limits?: RequestLimits): Promise<KubernetesObject> {
    const onlyOnce = isMapping(object) && isMapping(object['metadata']) && 'generateName' in object['metadata'];
    return this.#write('POST', path, object, { onlyOnce, limits });
  }

  /** PUTs an object in the place of the one that is there; a `resourceVersion` in it makes that conditional. */
  replace(path: string, object: object, limits?: RequestLimits): Promise<KubernetesObject> {
    return this.#write('PUT', path, object, { limits });
  }

  /** Changes an object. A JSON patch is not sent again after a broken connection, since it may not be done twice. */
  patch(
    path: string,
    patch: object,
    type: keyof typeof patchTypes = 'merge',
    limits?: RequestLimits,
  ): Promise<KubernetesObject> {
    return this.#write('PATCH', path, patch, { type: patchTypes[type], onlyOnce: type === 'json', limits });
  }

  /** Deletes an object; one that is not there (any more) is deleted. */
  async delete(path: string, options: DeleteOptions = {}, limits?: RequestLimits): Promise<void> {
    try {
      await this.#write('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', ...options }, { limits });
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.status !== 404) throw error;
    }
  }

  #write(
    method: HttpRequest['method'],
    path: string,
    object: object,
    { type = 'application/json', ...rest }: { type?: string } & Pick<ApiRequest, 'onlyOnce' | 'limits'>,
  ): Promise<KubernetesObject> {
    return this.#answer({ method, path, headers: { 'content-type': type }, body: JSON.stringify(object), ...rest });
  }

  async #answer(request: ApiRequest): Promise<KubernetesObject> {
    const { object } = await this.#send(request);
    return object;
  }

  async #send(request: ApiRequest): Promise<PageAnswer> {
    const { status, bytes, headers } = await this.#server.send(request);
    const object = answeredObject(bytes.toString('utf8'));
    if (object === undefined || status < 200 || status >= 300) throw this.#refusal(status, object, request);
    return { object, size: bytes.length, date: headers.get('date') };
  }

  #refusal(status: number, object: KubernetesObject | undefined, request: ApiRequest): Error {
    return explainRefusal({ status, object }, request, this.#cluster);
  }
}
