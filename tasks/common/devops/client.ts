import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { BuildApi } from 'azure-devops-node-api/BuildApi.js';
import type { IRequestHandler } from 'azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js';
import { httpSender, type Sender } from '../network/index.ts';
import { collectionUri, type DevOpsContext } from './this-run.ts';

/**
 * Microsoft's client of the build service, as the identity of this job. It says what to ask and reads the answers; our
 * sender carries them: the client's own knows half of the agent's proxy settings, and reads and unpacks a body of any size.
 */
export function buildClient(context: DevOpsContext): BuildApi {
  const options = { allowRedirects: false, allowRetries: false };
  const client = new BuildApi(collectionUri(context), [jobIdentity(context)], options, 'helm-delivery-for-aks');
  client.rest.client.requestRaw = carriedBy(httpSender(context));
  return client;
}

type Carrier = BuildApi['rest']['client']['requestRaw'];

function carriedBy(send: Sender): Carrier {
  return async ({ options, parsedUrl }) => {
    const method = options.method === 'OPTIONS' ? 'OPTIONS' : 'GET';
    const headers = textsOf(options.headers ?? {});
    const answer = await send({ method, url: parsedUrl.href, headers, allowHttp: true });
    const message = new IncomingMessage(new Socket());
    message.statusCode = answer.status;
    Object.assign(message.headers, answer.headers.toJSON());
    // The client answers null to a 404, unless it has read the body by then.
    return { message, readBody: async () => (answer.status === 404 ? '' : answer.bytes.toString('utf8')) };
  };
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function jobIdentity({ job }: DevOpsContext): IRequestHandler {
  return {
    prepareRequest(options) {
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
