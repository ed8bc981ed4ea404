import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { stringify } from 'yaml';
import { startJob, type Job, type StepResult } from '../agent/index.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/EnvironmentChecks');

/** What is answered to a request: a value as JSON, or a whole answer by hand. */
export type OddAnswer =
  | { readonly json: unknown; readonly status?: number; readonly headers?: http.OutgoingHttpHeaders }
  | ((response: http.ServerResponse) => void);

/** A request as the service sees it, such as `GET environments?…`, without what all addresses begin with. */
export interface OddRequest {
  readonly line: string;
  readonly authorization: string | undefined;
}

/** What a service answers that has one environment, `production`, with no checks. */
const sound: readonly (readonly [RegExp, unknown])[] = [
  [/^GET .*pipelines\/environments/, { value: [{ id: 7, name: 'production' }] }],
  [/queryconfigurations/, { value: [] }],
  [/pipelinepermissions/, { pipelines: [] }],
  [/build\/definitions/, { value: [{ id: 4, name: 'orders-cd', path: '\\' }] }],
  [/connectionData/, { authenticatedUser: { id: 'aaaaaaaa-0000-4000-8000-00000000000a' } }],
  [
    /identities/,
    {
      value: [
        { id: 'aaaaaaaa-0000-4000-8000-00000000000a', providerDisplayName: 'Ada', isActive: true, properties: {} },
      ],
    },
  ],
  [/^(?:POST|PATCH|DELETE) /, {}],
];

/** A server of one's own that answers what it likes, and a job that takes it for Azure DevOps. */
export class OddService {
  readonly requests: OddRequest[] = [];
  readonly job: Job;
  readonly #server: http.Server;
  #answers: (line: string) => OddAnswer | undefined = () => undefined;

  private constructor(server: http.Server, job: Job) {
    this.#server = server;
    this.job = job;
    server.on('request', (request, response) => {
      const line = `${request.method} ${decodeURIComponent(request.url ?? '').replace(/^.*?_apis\//, '')}`;
      this.requests.push({ line, authorization: request.headers.authorization });
      request.resume().once('end', () => this.#answer(line, response));
    });
  }

  static async start(): Promise<OddService> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const job = await startJob({
      accessToken: 'the-token-of-this-job',
      variables: {
        'System.CollectionUri': `http://127.0.0.1:${port}/contoso/`,
        'System.TeamProjectId': '11111111-2222-4333-8444-555555555555',
        'System.TeamProject': 'delivery',
      },
    });
    return new OddService(server, job);
  }

  /** Runs the step on these environments, while requests whose line a pattern fits are answered oddly. */
  async run(
    environments: readonly object[],
    inputs: Record<string, string>,
    ...odd: readonly (readonly [RegExp, OddAnswer])[]
  ): Promise<StepResult> {
    this.requests.length = 0;
    this.#answers = (line) => odd.find(([pattern]) => pattern.test(line))?.[1];
    writeFileSync(
      path.join(this.job.folders.sources, 'environment-checks.yaml'),
      stringify({ version: 1, environments }),
    );
    return this.job.runTask({ task, inputs: { mode: 'check', ...inputs }, condition: 'always()' });
  }

  get writes(): string[] {
    return this.requests
      .map(({ line }) => line.replace(/\?.*/, ''))
      .filter((line) => !/^GET |queryconfigurations/.test(line));
  }

  async close(): Promise<void> {
    await this.job.finish();
    await this.job.dispose();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(line: string, response: http.ServerResponse): void {
    const odd = this.#answers(line) ?? { json: sound.find(([pattern]) => pattern.test(line))?.[1] };
    if (typeof odd === 'function') return odd(response);
    const { json, status = 200, headers = {} } = odd;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
  }
}
