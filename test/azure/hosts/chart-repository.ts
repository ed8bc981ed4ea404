import type { Exchange } from '../network/exchange.ts';

/** A chart in a repository. */
export interface RepositoryChart {
  readonly name: string;
  readonly version: string;
  /** The packed chart. */
  readonly archive: Buffer;
  /** Where the index says that it is; beside the index unless told. */
  readonly url?: string;
}

/** Plays a chart repository of the older kind: an index.yaml and archives, by https. */
export class ChartRepository {
  readonly #charts: readonly RepositoryChart[];
  readonly #credentials: string | undefined;

  /** @param password of the user `reader`, if the repository wants one */
  constructor(charts: readonly RepositoryChart[], password: string | undefined) {
    this.#charts = charts;
    this.#credentials = password === undefined ? undefined : Buffer.from(`reader:${password}`).toString('base64');
  }

  async handle(exchange: Exchange): Promise<void> {
    if (this.#credentials !== undefined && exchange.authorization('Basic') !== this.#credentials) {
      return exchange.send(401, { 'WWW-Authenticate': 'Basic realm="charts"' });
    }
    if (exchange.path === '/index.yaml') return exchange.send(200, { 'Content-Type': 'text/yaml' }, this.#index());
    const chart = this.#charts.find((each) => exchange.path === `/${fileOf(each)}`);
    return chart === undefined ? exchange.send(404, {}) : exchange.send(200, {}, chart.archive);
  }

  /** JSON is YAML. */
  #index(): string {
    const entries = this.#charts.map((chart) => {
      const { name, version, url = fileOf(chart) } = chart;
      return [name, [{ apiVersion: 'v2', name, version, urls: [url] }]] as const;
    });
    return JSON.stringify({ apiVersion: 'v1', entries: Object.fromEntries(entries) });
  }
}

const fileOf = ({ name, version }: RepositoryChart): string => `${name}-${version}.tgz`;
