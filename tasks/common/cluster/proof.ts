import { explainSignIn } from '../azure/index.ts';
import { fieldsOf, optionalFields, optionalText, requiredText } from '../go/mapping.ts';
import type { NetworkContext } from '../network/index.ts';
import type { TaskContext } from '../task/context.ts';
import { ToolFailure } from '../task/exec.ts';
import { TaskError } from '../task/outcome.ts';
import { type ApiAnswer, apiServer, type Caller, type PostObject } from './api-server.ts';
import {
  explainAnswer,
  explainConnection,
  explainForbidden,
  explainTenants,
  firstSteps,
  type AccessProof,
} from './errors.ts';
import { masked } from '../text/shown.ts';
import { firstLine } from '../text/lines.ts';

type ProofContext = NetworkContext & Pick<TaskContext, 'exec' | 'maskSecret'>;

/**
 * Proves that the API server accepts what the kubeconfig says, in the way kubectl and helm will use it, and that its
 * user may do something in the namespace.
 * @returns the user's name there; undefined when the cluster (before Kubernetes 1.28) does not tell.
 * @throws TaskError with the cause and what to do about it.
 */
export async function verifyAccess(proof: AccessProof, context: ProofContext): Promise<string | undefined> {
  const { access, proxyUrl, seconds } = proof;
  const started = Date.now();
  const caller = access.user.kind === 'local' ? access.user : await tokenOf(proof, context);
  const limit = AbortSignal.timeout(Math.max(seconds * 1000 - (Date.now() - started), 1));
  const post = apiServer(access, caller, proxyUrl, context, limit);
  try {
    const user = await whoAmI(post, proof);
    await checkRights(post, proof, user);
    return user;
  } catch (error) {
    context.signal.throwIfAborted();
    throw explainConnection(error, proof, limit.aborted);
  }
}

/** Runs the exec entry as kubectl would. */
async function tokenOf(proof: AccessProof, context: ProofContext): Promise<Caller> {
  const { exec, seconds } = proof;
  if (exec === undefined) throw new Error('The kubeconfig has no way to get a token.');
  const { command, args, env } = exec;
  try {
    const { stdout } = await context.exec(command, args, { env, show: false, timeoutMs: seconds * 1000 });
    const status = optionalFields(fieldsOf(JSON.parse(stdout), 'output of kubelogin', 'ExecCredential'), 'status');
    const token = status && optionalText(status, 'token');
    if (token === undefined) throw new TaskError(`${command} printed no token.`);
    context.maskSecret(token);
    return { token, certificate: undefined };
  } catch (error) {
    if (error instanceof SyntaxError) throw new TaskError(`${command} printed something else than a token.`);
    if (error instanceof ToolFailure) throw signInFailure(error, proof);
    throw error;
  }
}

function signInFailure({ stderr }: ToolFailure, proof: AccessProof): TaskError {
  const tenants = explainTenants(proof);
  if (tenants !== undefined) {
    const [told = firstLine(stderr, 400)] = /AADSTS\d+:[^.\r\n]*/.exec(masked(stderr)) ?? [];
    return new TaskError(`kubelogin got no token for the cluster: ${tenants} (${told}).`);
  }
  if (stderr.includes('AADSTS')) return explainSignIn(new Error(stderr), undefined);
  const said = firstLine(stderr, 400).replace(/^Error: /, '');
  return new TaskError(`kubelogin got no token for the cluster: ${said}`);
}

async function whoAmI(post: PostObject, proof: AccessProof): Promise<string | undefined> {
  const answer = await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  });
  if (answer.status === 404 && answer.body !== undefined) return undefined;
  const status = optionalFields(accepted(answer, proof), 'status');
  const user = status && optionalFields(status, 'userInfo');
  return user && requiredText(user, 'username');
}

async function checkRights(post: PostObject, proof: AccessProof, user: string | undefined): Promise<void> {
  let reason: string | undefined;
  for (const step of firstSteps) {
    const resourceAttributes = { ...step, namespace: proof.namespace };
    const answer = await post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    });
    const status = optionalFields(accepted(answer, proof), 'status');
    if (status?.values['allowed'] === true) return;
    reason ??= status && optionalText(status, 'reason');
  }
  throw explainForbidden(proof, user, reason);
}

function accepted(answer: ApiAnswer, proof: AccessProof): NonNullable<ApiAnswer['body']> {
  if (answer.body !== undefined && answer.status < 300) return answer.body;
  throw explainAnswer(answer, proof);
}
