import type http from 'node:http';
import { BuildApi } from 'azure-devops-node-api/BuildApi.js';
import type { IRequestHandler } from 'azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js';
import { agentChooser, type NetworkContext } from '../network/index.ts';
import type { JobIdentity } from '../task/job.ts';

export interface DevOpsContext extends NetworkContext {
  readonly job: JobIdentity;
  variable(name: string): string | undefined;
}

const answerLimitMs = 30_000;

/** Microsoft's client of the build service, as the identity of this job, on the agent's way to the network. */
export async function buildClient(collection: string, context: DevOpsContext): Promise<BuildApi> {
  const agent = await agentChooser(context.network)(new URL(collection));
  const handler = jobIdentity(agent, context);
  return new BuildApi(
    collection,
    [handler],
    {
      // An empty address keeps the client from making proxy connections of its own, which know only half the settings.
      proxy: { proxyUrl: '' },
      allowRedirects: false,
      allowRetries: true,
      maxRetries: 3,
      socketTimeout: answerLimitMs,
    },
    'helm-delivery-for-aks',
  );
}

function jobIdentity(agent: http.Agent, { job, signal }: DevOpsContext): IRequestHandler {
  return {
    prepareRequest(options) {
      options.agent = agent;
      options.signal = signal;
      options.headers = Object.assign(options.headers ?? {}, {
        authorization: `Bearer ${job.accessToken()}`,
        // Without it a token that is no longer valid is answered by a redirect to the sign-in page.
        'x-tfs-fedauthredirect': 'Suppress',
      });
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('There is no second way to sign in.')),
  };
}
