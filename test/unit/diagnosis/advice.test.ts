import { type Case, holds } from './cases.ts';
import { crashed } from './sample-pods.ts';
import { deployment } from './sample-view.ts';

const cases: readonly Case[] = [
  {
    it: 'names a part of a resource as kubectl wants it',
    said: 'Error: UPGRADE FAILED: deployments.apps "shop" is forbidden: User "robin" cannot patch resource "deployments/scale" in API group "apps" in the namespace "web"',
    cause: 'deployer-role',
    says: [/kubectl auth can-i patch deployments\.apps --subresource scale --namespace web/],
  },
  {
    it: 'does not tell anybody to delete a claim, whose disk goes with it',
    said: 'Error: UPGRADE FAILED: cannot patch "data" with kind PersistentVolumeClaim: PersistentVolumeClaim "data" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    cause: 'field-immutable',
    says: [/PersistentVolumeClaim 'data'/, /only the size may grow/, /loses its disk/],
  },
  {
    it: 'does not blame the image for a program that crashes and tells of another one',
    samples: [deployment([crashed(1, { lines: ['plugin: exec format error', 'no database'] })])],
    cause: 'container-crashes',
    canMend: true,
  },
];

describe('the advice of a diagnosis', () => {
  holds(cases);
});
