/** An image's name, taken apart. */
export interface ImageReference {
  /** `contoso.azurecr.io`; `docker.io` without one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Reads `[registry/]repository[:tag]`, as docker does: what stands before the first slash is a registry if it looks like a host. */
export function parseReference(text: string): ImageReference {
  const [, name = '', tag = 'latest'] = /^(.+?)(?::([\w][\w.-]*))?$/.exec(text) ?? [];
  const slash = name.indexOf('/');
  const host = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(host) || host === 'localhost';
  const repository = isHost ? name.slice(slash + 1) : name;
  if (!/^[a-z\d]+([._/-]+[a-z\d]+)*$/.test(repository)) throw new Error(`'${text}' is no name of an image.`);
  return { registry: isHost ? host : 'docker.io', repository, tag };
}
