import { messageOf } from '../task/outcome.ts';
import { firstLine } from '../text/lines.ts';

const certificateProblem = /CERT|self.signed|unable to verify|UNABLE_TO/i;

/** Why a certificate on the way to a host was not taken, and what to do; undefined for other trouble. */
export function explainUntrusted(error: unknown, host: string): string | undefined {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = firstLine(messageOf(error)).replace(/[.\s]+$/, '');
  if (!certificateProblem.test(`${code} ${message}`)) return undefined;
  return (
    `The certificate of ${host} is not trusted here (${code === '' ? message : code}): give the ` +
    "agent your organisation's certificate authority (config --sslcacert, or NODE_EXTRA_CA_CERTS)."
  );
}
