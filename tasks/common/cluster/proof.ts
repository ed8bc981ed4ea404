import { fieldsOf, optionalFields, optionalText, requiredText, type Fields } from '../go/mapping.ts';
import { ApiRefusal, type ClientContext, KubernetesClient, type KubernetesObject } from './client.ts';
import { explainConnection } from './errors.ts';
import { type AccessProof, explainForbidden, firstSteps } from './proof-errors.ts';

/** A step waits for this proof, so it is over sooner than a roll-out gives an API server up. */
const outage = { firstPauseMs: 800, longestPauseMs: 4000, totalMs: 6000 };

/** Longer than the time for the proof, which is told in words of its own. */
const silenceMs = 2 ** 31 - 1;

/**
 * Proves that the API server accepts what the kubeconfig says, in the way kubectl and helm will use it, and that its
 * user may do something in the namespace.
 * @returns the user's name there; undefined when the cluster (before Kubernetes 1.28) does not tell.
 * @throws TaskError with the cause and what to do about it.
 */
export async function verifyAccess(proof: AccessProof, context: ClientContext): Promise<string | undefined> {
  const tokenMs = proof.seconds * 1000;
  const client = new KubernetesClient(proof.cluster, context, { outage, silenceMs, tokenMs, renewsRefused: false });
  const started = performance.now();
  let limit: AbortSignal | undefined;
  try {
    await client.signIn();
    const signal = (limit = AbortSignal.timeout(Math.max(Math.ceil(tokenMs - (performance.now() - started)), 1)));
    const post: Post = (path, object) => client.create(path, object, { signal });
    const user = await whoAmI(post);
    await checkRights(post, proof, user);
    return user;
  } catch (error) {
    context.signal.throwIfAborted();
    if (limit?.aborted) throw explainConnection(error, proof.cluster, proof.seconds);
    if (error instanceof ApiRefusal && error.status === 403) throw explainForbidden(proof, undefined, error.said);
    throw error;
  } finally {
    client.close();
  }
}

type Post = (path: string, object: { apiVersion: string; kind: string; spec?: unknown }) => Promise<KubernetesObject>;

async function whoAmI(post: Post): Promise<string | undefined> {
  try {
    const review = await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    const status = statusOf(review);
    const user = status && optionalFields(status, 'userInfo');
    return user && requiredText(user, 'username');
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return undefined;
    throw error;
  }
}

async function checkRights(post: Post, proof: AccessProof, user: string | undefined): Promise<void> {
  let reason: string | undefined;
  for (const step of firstSteps) {
    const resourceAttributes = { ...step, namespace: proof.namespace };
    const review = await post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    });
    const status = statusOf(review);
    if (status?.values['allowed'] === true) return;
    reason ??= status && optionalText(status, 'reason');
  }
  throw explainForbidden(proof, user, reason);
}

function statusOf(review: KubernetesObject): Fields | undefined {
  return optionalFields(fieldsOf(review, 'answer of the API server', 'answer'), 'status');
}
