import { messageOf } from '../task/outcome.ts';

const unknownHost = /^(ENOTFOUND|EAI_AGAIN)$/;
const certificateProblem = /CERT|self.signed|unable to verify|UNABLE_TO/i;
const fileProblem = /^(ENOENT|ENOSPC|EDQUOT|EACCES|EPERM|EROFS|EMFILE|ENFILE|EIO|EFBIG|EISDIR)$/;

/** Why a request got no answer, or one that is worth nothing, in a pipeline author's terms. */
export function connectionProblem(error: unknown, loginServer: string, host: string): string {
  const code = codeOf(error);
  const message =
    messageOf(error)
      .split('\n')[0]
      ?.slice(0, 300)
      .replace(/[.\s]+$/, '') ?? '';
  const where = host === loginServer ? loginServer : `${host}, where ${loginServer} keeps its blobs,`;
  if (unknownHost.test(code) && host === loginServer) {
    return `The registry ${loginServer} cannot be found (DNS: ${code}); copy the 'Login server' from its page in the portal.`;
  }
  if (fileProblem.test(code)) return `A file could not be read or written (${message}).`;
  if (certificateProblem.test(`${code} ${message}`)) {
    return (
      `The certificate of ${host} is not trusted here (${code === '' ? message : code}): give the ` +
      "agent your organisation's certificate authority (config --sslcacert, or NODE_EXTRA_CA_CERTS)."
    );
  }
  if (error instanceof Error && error.name === 'DigestMismatchError') {
    return `${loginServer} sent content that does not have the digest it should have (${message}); nothing of it was used.`;
  }
  if (error instanceof SyntaxError) return `${loginServer} answered with something else than JSON (${message}).`;
  if (/from challenge|for an ACR access token/.test(message)) {
    return `${loginServer} does not sign clients in the way Azure Container Registry does; is it an Azure container registry?`;
  }
  if (brokeOff(error)) return `The connection to ${where} broke off in the middle of an answer, several times.`;
  return `The connection to ${where} failed: ${message}.`;
}

/**
 * Whether an answer ended before its time. That is no RestError, since the SDK had the headers already: it shows in the
 * body, which the SDK does not ask for again.
 */
export function brokeOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'AbortError' ||
    (error.name === 'Error' &&
      (/^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/.test(codeOf(error)) ||
        /received less data|^nothing came/.test(error.message)))
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
