import type { Fields } from '../objects.ts';
import { decode, message, type Message } from './protobuf.ts';

// Field numbers of the generated.proto files of k8s.io/api and k8s.io/apimachinery.

const owner = message({
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
  6: ['controller', 'boolean'],
  7: ['blockOwnerDeletion', 'boolean'],
});

/** Times are left out: the API server sets the only ones that the clients send. */
const metadata = message({
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  11: ['labels', { map: 'text' }],
  12: ['annotations', { map: 'text' }],
  13: ['ownerReferences[]', { message: owner }],
  14: ['finalizers[]', 'text'],
});

const attributes = message({
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
});

const review = message({ 1: ['resourceAttributes', { message: attributes }] });

const kinds: Readonly<Record<string, Message>> = {
  Secret: message({
    1: ['metadata', { message: metadata }],
    2: ['data', { map: 'bytes' }],
    3: ['type', 'text'],
    4: ['stringData', { map: 'text' }],
    5: ['immutable', 'boolean'],
  }),
  ConfigMap: message({
    1: ['metadata', { message: metadata }],
    2: ['data', { map: 'text' }],
    3: ['binaryData', { map: 'bytes' }],
    4: ['immutable', 'boolean'],
  }),
  Namespace: message({ 1: ['metadata', { message: metadata }] }),
  ServiceAccount: message({ 1: ['metadata', { message: metadata }] }),
  DeleteOptions: message({
    1: ['gracePeriodSeconds', 'integer'],
    2: ['preconditions', { message: message({ 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] }) }],
    3: ['orphanDependents', 'boolean'],
    4: ['propagationPolicy', 'text'],
    5: ['dryRun[]', 'text'],
  }),
  SelfSubjectReview: message({}),
  SelfSubjectAccessReview: message({ 1: ['metadata', { message: metadata }], 2: ['spec', { message: review }] }),
};

const magic = Buffer.from('k8s\0');

const envelope = message({
  1: ['type', { message: message({ 1: ['apiVersion', 'text'], 2: ['kind', 'text'] }) }],
  2: ['raw', 'raw'],
});

/** The object in a body of `application/vnd.kubernetes.protobuf`; undefined for a kind that is not known in it. */
export function decodeObject(body: Buffer): Fields | undefined {
  if (!body.subarray(0, magic.length).equals(magic)) throw new Error('The body does not begin as protobuf does.');
  const { type, raw } = decode(body.subarray(magic.length), envelope) as { type?: Fields; raw?: Buffer };
  const known = kinds[String(type?.['kind'])];
  return known && { ...type, ...decode(raw ?? Buffer.alloc(0), known) };
}
