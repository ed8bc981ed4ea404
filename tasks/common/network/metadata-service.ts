import http from 'node:http';

/** Azure's instance metadata service answers only inside the virtual machine; proxies do not reach it. */
export const metadataHost = '169.254.169.254';

/** A machine of Azure answers within milliseconds, but this one may be busy. */
const answerMs = 5000;

/**
 * Whether the metadata service can be reached without a proxy. A mere connection proves nothing: some networks answer
 * for every address.
 */
export function reachesMetadata(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(
      {
        host: metadataHost,
        path: '/metadata/versions',
        headers: { metadata: 'true' },
        timeout: answerMs,
        agent: false,
      },
      (response) => {
        resolve(response.statusCode === 200);
        response.destroy();
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(false));
  });
}
