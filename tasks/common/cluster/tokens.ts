import type { ClientContext, ClientOptions } from './api-server.ts';
import { ExecTokens } from './exec-token.ts';
import { tokenInFile } from './kubeconfig-data.ts';
import type { OpenCluster } from './open-cluster.ts';

/** Where the bearer tokens of a client come from. */
export interface Tokens {
  /** Whether a token that was refused can be had anew. */
  readonly canRenew: boolean;
  /** Undefined where a certificate is all. @throws TaskError when none can be had */
  token(): Promise<string | undefined>;
  /** Another one than one that was refused. */
  renewed(refused: string): Promise<string | undefined>;
}

/** The tokens of a cluster's user: renewed by its exec entry, or the one that a local account has for good. */
export function tokensOf(cluster: OpenCluster, context: ClientContext, options: ClientOptions): Tokens {
  const { user } = cluster.access;
  if (user.kind !== 'local') return new ExecTokens(cluster, context, options.tokenMs ?? 60_000, options.now);
  if (user.tokenFile !== undefined) return fileTokens(user.tokenFile, context);
  const token = (): Promise<string | undefined> => Promise.resolve(user.token);
  return { canRenew: false, token, renewed: token };
}

/** A file that is renewed by somebody is read for each request, as it is small; each token is told once. */
function fileTokens(file: string, { maskSecret }: Pick<ClientContext, 'maskSecret'>): Tokens {
  let known = '';
  const mask = (secret: string): void => {
    if (secret !== known) maskSecret(secret);
    known = secret;
  };
  const token = (): Promise<string> => tokenInFile(file, { maskSecret: mask });
  return { canRenew: true, token, renewed: token };
}
