import { shortened } from '../../text/shown.ts';
import { field, text } from '../../watching/fields.ts';
import { called, quoted, word } from '../words.ts';
import type { Found, Mark } from './cause.ts';

const pullReasons = ['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImageInspectError'];

/**
 * A container's state holds the text of a pull that failed until the kubelet backs off; from Kubernetes 1.32 on then, too
 * (pkg/kubelet/images/image_manager.go). The event has it in any case.
 */
export const pull = (pattern: RegExp): Mark[] => [
  { sources: ['waiting'], reasons: pullReasons, pattern },
  {
    sources: ['event'],
    reasons: ['Failed'],
    pattern: new RegExp(`Failed to pull image.*?(?:${pattern.source})`, pattern.flags + 's'),
  },
];

/** References that mean something have 255 and a digest; the API server takes any. In characters. */
const longestImage = 600;

/** The image that a signal speaks of: the container's own, else what the text names. */
export function imageOf({ signal }: Found): string {
  const [, named = ''] = /(?:image|image name|reference) \\?"([^"\\]{1,500})\\?"/.exec(signal.text) ?? [];
  return shortened(text(field(signal.container?.spec, 'image')), longestImage) || named || 'its image';
}

export function registryOf(found: Found): string {
  const [host = ''] = imageOf(found).split('/', 1);
  return /[.:]|^localhost$/.test(host) && imageOf(found).includes('/') ? host : 'docker.io';
}

export const isAzure = (host: string): boolean => /\.azurecr\.(?:io|cn|us|de)$/i.test(host);
export const registryName = (host: string): string => word(host.split('.', 1)[0] ?? '', 'registry');

export const cannotPull = (found: Found): string => `${called(found.owner)} cannot pull ${quoted(imageOf(found), 500)}`;

/** The repository and the tag or digest of an image. */
export function partsOf(image: string): { repository: string; version: string } {
  const [, repository = image, tag = 'latest', digest] =
    /^(?:[^/]*[.:][^/]*\/)?(.+?)(?::([^:/@]+))?(?:@(.+))?$/.exec(image) ?? [];
  return { repository, version: digest ?? tag };
}

/** What registries say of a repository that they hide from strangers as well as of one that is not there. */
export const ambiguous = /may require authorization/;
