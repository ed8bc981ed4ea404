import type { KubernetesClient, KubernetesObject } from '../cluster/client.ts';
import { isMapping } from '../go/mapping.ts';
import { visible } from '../text/shown.ts';
import { field, list, text } from './fields.ts';
import { isCustom, isPlural, isVersion, pathOf, seen, type SeenKind } from './kinds.ts';
import type { RecordedObject } from './record.ts';
import type { SeenRelease } from './seen-release.ts';
import type { ReleaseView, SeenObject } from './view.ts';

/** The rest of a larger cluster is like the first. */
const mostNodes = 1000;
/** Of custom resources; each takes two requests. */
const mostKinds = 10;

const nodeKind: SeenKind = { kind: 'Node', apiVersion: 'v1', plural: 'nodes' };

/** What is looked up where a release has such, and not watched, since nobody waits for it. */
const lookedUp: readonly { readonly of: string; readonly kind: SeenKind }[] = [
  { of: 'Service', kind: { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices' } },
  {
    of: 'HorizontalPodAutoscaler',
    kind: { kind: 'HorizontalPodAutoscaler', apiVersion: 'autoscaling/v2', plural: 'horizontalpodautoscalers' },
  },
];

/** What ends a look: a diagnosis is waited for, so it does not wait for all of an outage. */
export interface LookLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

type CustomKind = Pick<SeenKind, 'kind' | 'apiVersion'>;

/** What a diagnosis wants besides what is watched; looked at once. */
export class LookUp {
  readonly #client: Pick<KubernetesClient, 'get' | 'pages'>;
  readonly #namespace: string;
  readonly #seen: SeenRelease;
  readonly #limits: LookLimits;

  constructor(
    client: Pick<KubernetesClient, 'get' | 'pages'>,
    namespace: string,
    seenRelease: SeenRelease,
    limits: LookLimits,
  ) {
    this.#client = client;
    this.#namespace = namespace;
    this.#seen = seenRelease;
    this.#limits = limits;
  }

  /** What cannot be seen is told in the view; never rejects. @param watched kinds that are seen anyway */
  async all(watched: Iterable<string>): Promise<void> {
    const { objects = [] } = this.#seen.record ?? {};
    const view = this.#seen.view();
    const has = new Set(objects.map(({ kind }) => kind));
    const kinds = lookedUp.filter(({ of }) => has.has(of)).map(({ kind }) => kind);
    const known = new Set([...watched, ...kinds.map(({ kind }) => kind)]);
    await Promise.all([
      // Many an identity may not read them, which is of no interest where every pod has one.
      ...(hasWaitingPod(view.objects, view) ? [this.#trying('nodes', () => this.#lookAtNodes())] : []),
      ...kinds.map((kind) => this.#trying(kind.plural, () => this.#lookAt(kind))),
      ...customKinds(objects, known).map((kind) => this.#trying(visible(kind.kind), () => this.#lookAtCustom(kind))),
    ]);
  }

  async #trying(what: string, look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (!this.#limits.signal.aborted) this.#seen.cannotSee(what, error);
    }
  }

  async #lookAt(kind: SeenKind): Promise<void> {
    const sink = this.#seen.sinkOf(kind);
    const pages = this.#client.pages(pathOf(kind, this.#namespace), {}, this.#limits);
    for await (const page of pages) sink.page(page);
    sink.whole();
  }

  /** Only discovery tells how a kind is called in paths. One that is not there, or beside the namespaces, is not looked at. */
  async #lookAtCustom({ kind, apiVersion }: CustomKind): Promise<void> {
    const group = await this.#client.get(`/apis/${apiVersion}`, this.#limits);
    const plurals = list(group?.['resources'])
      .filter((each) => field(each, 'kind') === kind && field(each, 'namespaced') === true)
      .map((each) => text(field(each, 'name')));
    // Parts of a resource have a slash.
    const plural = plurals.find(isPlural);
    if (plural !== undefined) await this.#lookAt({ kind, apiVersion, plural });
  }

  async #lookAtNodes(): Promise<void> {
    const nodes = [];
    for await (const { items } of this.#client.pages('/api/v1/nodes', {}, this.#limits)) {
      for (const item of items) nodes.push(seen(nodeKind, withoutImages(item)));
      if (nodes.length >= mostNodes) break;
    }
    this.#seen.keepNodes(nodes);
  }
}

/** Whether a pod has not begun, for want of a node or on one that cannot begin it. */
function hasWaitingPod(objects: readonly SeenObject[], view: ReleaseView): boolean {
  return objects.some((object) =>
    object.kind === 'Pod'
      ? field(object['status'], 'phase') === 'Pending'
      : hasWaitingPod(view.childrenOf(object), view),
  );
}

function customKinds(objects: readonly RecordedObject[], known: ReadonlySet<string>): readonly CustomKind[] {
  const custom = objects.filter(
    ({ kind, apiVersion }) => isCustom(apiVersion) && isVersion(apiVersion) && !known.has(kind),
  );
  return [...new Map(custom.map((object) => [object.kind, object])).values()].slice(0, mostKinds);
}

/** Those that lie on a node are the most of it. */
function withoutImages(node: KubernetesObject): KubernetesObject {
  const { status } = node;
  return isMapping(status) ? { ...node, status: { ...status, images: undefined } } : node;
}
