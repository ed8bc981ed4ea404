import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { ClientOptions } from '../network/index.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { masked } from '../text/shown.ts';
import { firstLine } from '../text/lines.ts';

/** What to do about the codes that service connections run into (learn.microsoft.com, "Microsoft Entra error codes"). */
const advice: Readonly<Record<string, string>> = {
  7000215: "The connection's secret is wrong: put the secret's value (not its id) into the service connection.",
  7000222: "The connection's secret has expired: make a new one and put it into the service connection.",
  700016:
    "The application does not exist in this tenant: check the connection's application (client) id and tenant id.",
  700027: 'The certificate is not one of the application: add its public part to the app registration.',
  700024: 'The federated token had expired when it arrived: check the clock of the agent.',
  70021: 'No federated credential of the application fits: its issuer and subject must be those of the connection.',
  700211: "No federated credential has this issuer: copy the issuer from the service connection's page.",
  700212: 'No federated credential has this audience: it must be api://AzureADTokenExchange.',
  700213: "No federated credential has this subject: copy the subject from the service connection's page.",
  700223: 'Workload identity federation is switched off for this application.',
  70052:
    'The application of the connection is one of several tenants, which Azure DevOps takes none of: make it one of a single tenant (App ' +
    'registrations, Authentication, Supported account types).',
  70025: 'The application has no federated credential: add one with the issuer and subject of the connection.',
  90002: "The tenant does not exist in this cloud: check the connection's tenant id and environment.",
  900382: 'The identity belongs to another cloud: check the environment of the service connection.',
  53003: 'A Conditional Access policy for workload identities blocks the agent.',
};

/** The AADSTS number in an error of @azure/identity, if it carries one. */
export function aadstsCode(error: unknown): string | undefined {
  return /AADSTS(\d+)/.exec(messageOf(error))?.[1];
}

/**
 * The failure to get a token, in a pipeline author's terms.
 * @param told what came of the last request, such as `the last answer was HTTP 500 from login.microsoftonline.com`.
 */
export function explainSignIn(error: unknown, told: string | undefined): TaskError {
  if (error instanceof TaskError) return error;
  // Masked before a pattern cuts it: an answer may repeat what it was asked with.
  const heard = masked(`${messageOf(error)} ${told ?? ''}`);
  const code = aadstsCode(heard);
  if (code === undefined) {
    return new TaskError(
      `The service connection could not sign in to Entra ID: ${firstSentence(told ?? messageOf(error))}.`,
    );
  }
  const said = /AADSTS\d+:[^.\r\n]*/.exec(heard)?.[0].trim() ?? `AADSTS${code}`;
  const hint = advice[code] ?? `See https://login.microsoftonline.com/error?code=${code} for what to do.`;
  return new TaskError(`Entra ID refused the service connection: ${said}. ${hint}`);
}

function firstSentence(text: string): string {
  return firstLine(text).replace(/\.\s*$/, '');
}

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
  const reason = /AADSTS\d+: [^"\\\r\n]{0,300}/.exec(masked(body))?.[0];
  return reason === undefined ? '' : ` (${reason})`;
}
