import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CertificateAuthority } from '../azure/certificates/certificate-authority.ts';

/** What an admission webhook does. */
export interface WebhookSettings {
  /** It refuses everything that it is asked about, with this text; what is absent refuses nothing. */
  readonly denies?: string;
  /** Whether its certificate expired, or is by an authority that its configuration does not name; good if absent. */
  readonly certificate?: 'expired' | 'unknown';
}

/** A running webhook. */
export interface Webhook {
  /** Of the loopback. */
  readonly url: string;
  /** The authority for its configuration, in base64 as `caBundle` has it. */
  readonly authority: string;
  close(): Promise<void>;
}

// The API server looks at the name in the certificate.
const host = 'localhost';
const day = 24 * 60 * 60 * 1000;

/** Starts an admission webhook on a free port of the loopback. */
export async function startWebhook({ denies, certificate }: WebhookSettings): Promise<Webhook> {
  const authority = new CertificateAuthority();
  const end = certificate === 'expired' ? new Date(Date.now() - day / 2) : undefined;
  const credential = authority.serverCredential(host, end);
  const server = createServer({ cert: credential.certificate, key: credential.key }, (request, response) => {
    void text(request).then((body) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(answer(body, denies)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const named = certificate === 'unknown' ? new CertificateAuthority() : authority;
  return {
    url: `https://${host}:${port}/v1/admit`,
    authority: Buffer.from(named.certificate).toString('base64'),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An AdmissionReview of admission.k8s.io/v1, for the one in the body. */
function answer(body: string, denies: string | undefined): object {
  const { request } = JSON.parse(body) as { request: { uid: string } };
  const status = { code: 403, reason: 'Forbidden', message: denies };
  const response = { uid: request.uid, allowed: denies === undefined, ...(denies !== undefined && { status }) };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
