import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { ClientOptions } from '../network/index.ts';
import { messageOf, TaskError } from '../task/outcome.ts';

/** What came of the last request of a sign-in that did not go well. */
export interface HeardAnswer {
  /** Such as `the last answer was HTTP 500 from login.microsoftonline.com`. */
  told?: string;
  /** What our own network rules said to it, such as that the proxy wants a password. */
  refusal?: TaskError;
}

/**
 * Listens to what @azure/identity is answered. It keeps most of that to itself: of a broken connection it tells no more
 * than `network_error`, of some refusals only `[object Object]`.
 */
export function listening(options: ClientOptions, heard: HeardAnswer): ClientOptions {
  const policy: PipelinePolicy = {
    name: 'lastAnswer',
    async sendRequest(request, next) {
      const { host } = new URL(request.url);
      try {
        const response = await next(request);
        const { status, headers, bodyAsText } = response;
        const isPage = /^text\/html\b/i.test(headers.get('content-type') ?? '');
        if (isPage) heard.told = `a web page came instead of an answer of ${host} (HTTP ${status})`;
        else if (status < 400) delete heard.told;
        else heard.told = `the last answer was HTTP ${status} from ${host}${reasonIn(bodyAsText ?? '')}`;
        return response;
      } catch (error) {
        if (error instanceof TaskError) heard.refusal = error;
        else heard.told = `the connection to ${host} failed: ${messageOf(error)}`;
        throw error;
      }
    },
  };
  return { ...options, additionalPolicies: [...options.additionalPolicies, { policy, position: 'perCall' }] };
}

/** Entra ID's own reason, which @azure/identity drops when it is the tenant that is unknown. */
function reasonIn(body: string): string {
  const reason = /AADSTS\d+: [^"\\\r\n]{0,300}/.exec(body)?.[0];
  return reason === undefined ? '' : ` (${reason})`;
}
