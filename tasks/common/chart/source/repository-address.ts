import type { Given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import { learnSecret, shown } from '../../text/shown.ts';

/**
 * The address of a chart repository as helm gets it.
 * @param chartInput the input for charts that come from a registry instead
 * @throws TaskError unless it is https, with nothing in it that may be a credential: helm gets it on its command line
 */
export function repositoryAddress({ input, value }: Given<string>, chartInput: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  for (const secret of [url?.password, url?.search.slice(1)]) if (secret) learnSecret(secret);
  if (/^oci:/i.test(value)) {
    throw new TaskError(
      `Input ${input} is ${shown(value)}, which is a registry: leave it empty, and give the whole reference as input ` +
        `${chartInput}, such as oci://contoso.azurecr.io/helm/app:1.2.3.`,
    );
  }
  if (/^http:/i.test(value)) {
    throw new TaskError(
      `Input ${input} begins with http://, where anybody on the way could change the chart: give its https address.`,
    );
  }
  if (url === undefined || !/^https:\/\/[!-~]+$/.test(value) || value.includes('\\')) {
    throw new TaskError(
      `Input ${input} is ${shown(value)}; it takes the https address of a chart repository, such as ` +
        "https://charts.contoso.example, as 'helm repo add' does.",
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TaskError(
      `Input ${input} names ${url.host} with ${url.username === '' && url.password === '' ? 'a query or a fragment' : 'a user or a password'}, ` +
        'which would stand in the log and on command lines: give the address without it. A chart that wants a sign-in is ' +
        'better kept in your registry.',
    );
  }
  return url.href;
}
