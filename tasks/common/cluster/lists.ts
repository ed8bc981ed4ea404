import { TaskError } from '../task/outcome.ts';
import type { ApiRequest, RequestLimits } from './api-server.ts';
import { type KubernetesObject, objectIn } from './objects.ts';

/** Which objects of a kind. */
export interface Selection {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Gives `metadata` alone, so that what is secret or large in the objects is not sent at all. */
  readonly metadataOnly?: boolean | undefined;
  /** How many come at once, where few are wanted. */
  readonly pageSize?: number | undefined;
}

/** A list as it was at a version. */
export interface ObjectList {
  /** Without kind and apiVersion, as the API server leaves them out. */
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
}

/** A part of a list. */
export interface ObjectPage extends ObjectList {
  /** Of its answer, in bytes. */
  readonly size: number;
  /** When it was answered, by the clock of who answered. */
  readonly answeredAt: Date | undefined;
}

/** An answer as pages are made of. */
export interface PageAnswer {
  readonly object: KubernetesObject;
  /** In bytes. */
  readonly size: number;
  readonly date: string | undefined;
}

/**
 * How many objects come at once. A pod has some 10 kB: with 100 of them, 20,000 pods of a large cluster go by in 85 MB of
 * memory, with the 500 that kubectl takes in 150 MB.
 */
const pageSizes = { whole: 100, metadata: 500 };
/** What a page may have, and all pages of a list together. In bytes. */
const mostBytes = 32 * 1024 * 1024;
/** What a page counts at least, so that empty ones come to an end, too. In bytes. */
const leastOfPage = 64 * 1024;

/** Asks for a list page by page. @param ask sends a request, tells how many bytes came and when, and throws ApiRefusal */
export async function* pagesOf(
  ask: (request: ApiRequest) => Promise<PageAnswer>,
  path: string,
  selection: Selection,
  limits?: RequestLimits,
): AsyncGenerator<ObjectPage, void, undefined> {
  const usual = selection.metadataOnly === true ? pageSizes.metadata : pageSizes.whole;
  const limit = String(selection.pageSize ?? usual);
  let next: string | undefined;
  do {
    const query = queryOf(selection, { limit, ...(next && { continue: next }) });
    const headers = { accept: acceptOf(selection, 'PartialObjectMetadataList') };
    const answer = await ask({ method: 'GET', path: `${path}?${query}`, headers, limits, mostBytes });
    const { object: list, size } = answer;
    const found: unknown[] = Array.isArray(list['items']) ? list['items'] : [];
    const items = found.map(objectIn).filter((item) => item !== undefined);
    yield { items, resourceVersion: list.metadata.resourceVersion ?? '', size, answeredAt: time(answer.date) };
    next = list.metadata.continue;
  } while (next !== undefined && next !== '');
}

function time(date: string | undefined): Date | undefined {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? undefined : new Date(at);
}

/** The pages of a list in one. @param what it is, for messages @throws TaskError when it is too large */
export async function wholeList(pages: AsyncIterable<ObjectPage>, what: string): Promise<ObjectList> {
  const items: KubernetesObject[] = [];
  let [size, resourceVersion] = [0, ''];
  for await (const page of pages) {
    size += Math.max(page.size, leastOfPage);
    if (size > mostBytes) {
      throw new TaskError(`The list ${what} has more than the allowed ${mostBytes} bytes, or pages without an end.`);
    }
    // One by one: a page may have more items than a call may have arguments.
    for (const item of page.items) items.push(item);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}

/** The query of a list or a watch. */
export function queryOf({ labelSelector, fieldSelector }: Selection, more: Readonly<Record<string, string>>): string {
  return new URLSearchParams({
    ...more,
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  }).toString();
}

/** The API server turns objects into their metadata where it can; a server that cannot sends them whole. */
export function acceptOf({ metadataOnly = false }: Selection, as: string): string {
  return metadataOnly ? `application/json;as=${as};g=meta.k8s.io;v=v1,application/json` : 'application/json';
}
