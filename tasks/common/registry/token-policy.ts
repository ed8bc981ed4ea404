import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { RegistrySignIn } from './sign-in.ts';

/**
 * Completes the Azure SDK's anonymous token request with who we are, so that one sign-in serves every repository and
 * user and password work as well. Everything else of the challenge protocol stays the SDK's.
 */
export function tokenPolicy(loginServer: string, signIn: RegistrySignIn): PipelinePolicy {
  return {
    name: 'registryToken',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      if (request.method === 'POST' && url.host === loginServer && url.pathname === '/oauth2/token') {
        const asked = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
        const form = new URLSearchParams(await signIn.proof());
        for (const name of ['service', 'scope']) form.set(name, asked.get(name) ?? '');
        request.body = form.toString();
        request.headers.set('content-length', String(Buffer.byteLength(request.body)));
      }
      return next(request);
    },
  };
}

/**
 * The SDK takes every upload location for a path; the specification also allows a whole address
 * (distribution-spec, "Pushing a blob in chunks").
 */
export function locationPolicy(loginServer: string): PipelinePolicy {
  return {
    name: 'uploadLocation',
    async sendRequest(request, next) {
      const response = await next(request);
      const location = response.headers.get('location');
      if (request.method === 'POST' || request.method === 'PATCH') {
        const url = location === undefined ? undefined : new URL(location, request.url);
        if (url?.host === loginServer) response.headers.set('location', `${url.pathname}${url.search}`);
      }
      return response;
    },
  };
}
