import { type Case, holds } from './cases.ts';
import { crashed } from './sample-pods.ts';
import { deployment, objectOf, pod, type Sample, waiting, web } from './sample-view.ts';

const mount = (message: string): Sample =>
  deployment([pod({ status: web(waiting('ContainerCreating')), events: [{ reason: 'FailedMount', message }] })]);

const keyVault = (how: string): Sample =>
  mount(
    `MountVolume.SetUp failed for volume "secrets" : rpc error: code = Unknown desc = failed to mount secrets store objects for pod web/shop-6d4-abcde, err: rpc error: code = Unknown desc = failed to mount objects, error: failed to get objectType:secret, objectName:db, objectVersion:: ${how}`,
  );

const unstarted = (message: string): Sample =>
  deployment([pod({ status: web(waiting('CreateContainerConfigError', message)) })]);

const cases: readonly Case[] = [
  {
    it: 'runs-as-root',
    samples: [
      unstarted(
        'container has runAsNonRoot and image will run as root (pod: "shop-6d4-abcde_web(0b6f)", container: web)',
      ),
    ],
    cause: 'runs-as-root',
    says: [/runAsNonRoot is true, but it would run as root/, /runAsUser to a number other than 0/],
    canMend: false,
  },
  {
    it: 'runs-as-root for a user without a number',
    samples: [
      unstarted(
        'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root (pod: "shop", container: web)',
      ),
    ],
    cause: 'runs-as-root',
    says: [/its image names its user 'app' by no number/],
  },
  {
    it: 'no runs-as-root for another setting of the kubelet',
    samples: [unstarted('container has runAsNonRoot only')],
    cause: undefined,
  },
  {
    it: 'config-missing for a ConfigMap',
    samples: [
      deployment([pod({ status: web(waiting('CreateContainerConfigError', 'configmap "shop-config" not found')) })]),
    ],
    cause: 'config-missing',
    says: [/ConfigMap 'shop-config' does not exist/, /kubectl get configmaps --namespace web/],
    canMend: false,
  },
  ...[
    { more: 'a controller of its own may make yet', view: { customKinds: ['Certificate'] } },
    { more: 'may be made by somebody, where the record is not known', view: { customKinds: undefined } },
  ].map(({ more, view }) => ({
    it: `config-missing for a Secret that ${more}`,
    samples: [mount('MountVolume.SetUp failed for volume "tls" : secret "shop-tls" not found')],
    view,
    cause: 'config-missing',
    canMend: true,
  })),
  {
    it: 'config-missing for a Secret that a Job may make yet',
    samples: [
      mount('MountVolume.SetUp failed for volume "tls" : secret "shop-tls" not found'),
      { object: objectOf('Job', 'certificates', { status: { active: 1 } }) },
    ],
    cause: 'config-missing',
    canMend: true,
  },
  {
    it: 'no config-missing in the first seconds',
    samples: [
      deployment([pod({ status: web(waiting('CreateContainerConfigError', 'configmap "shop-config" not found')) })]),
    ],
    after: 12,
    cause: undefined,
  },
  {
    it: 'config-missing for a key',
    samples: [
      deployment([
        pod({ status: web(waiting('CreateContainerConfigError', "couldn't find key password in Secret web/shop-db")) }),
      ]),
    ],
    cause: 'config-missing',
    says: [/Secret 'shop-db' has no key 'password'/, /kubectl describe secret shop-db /],
  },
  {
    it: 'config-missing for a volume',
    samples: [mount('MountVolume.SetUp failed for volume "config" : configmap "shop-config" not found')],
    cause: 'config-missing',
  },
  {
    it: 'config-missing for a ServiceAccount',
    samples: [
      deployment([], {
        setEvents: [
          {
            reason: 'FailedCreate',
            message:
              'Error creating: pods "shop-6d4-" is forbidden: error looking up service account web/shop: serviceaccount "shop" not found',
          },
        ],
      }),
    ],
    cause: 'config-missing',
    says: [/ServiceAccount 'shop'/],
  },
  {
    it: 'key-vault-refused without the role, though a later event only says that the time was up',
    samples: [
      deployment([
        pod({
          status: web(waiting('ContainerCreating')),
          events: [
            ...(keyVault(
              'GET https://contoso-kv.vault.azure.net/secrets/db/ RESPONSE 403: 403 Forbidden ERROR CODE: Forbidden "innererror": { "code": "ForbiddenByRbac" }',
            ).children?.[0]?.children?.[0]?.events ?? []),
            {
              reason: 'FailedMount',
              message:
                'Unable to attach or mount volumes: unmounted volumes=[secrets], unattached volumes=[]: timed out waiting for the condition',
            },
          ],
        }),
      ]),
    ],
    cause: 'key-vault-refused',
    says: [/'contoso-kv'/, /'Key Vault Secrets User'/],
  },
  {
    it: 'key-vault-refused by the sign-in',
    samples: [
      keyVault(
        'ClientAssertionCredential authentication failed AADSTS70021: No matching federated identity record found for presented assertion.',
      ),
    ],
    cause: 'key-vault-refused',
    says: [/AADSTS70021/, /system:serviceaccount:web:default/],
  },
  {
    it: 'no key-vault-refused for a mount that only takes long',
    samples: [mount('Unable to attach or mount volumes: timed out waiting for the condition')],
    cause: undefined,
  },
  {
    it: 'workload-identity, where the subject is not known',
    samples: [
      deployment([
        crashed(1, {
          lines: [
            'starting',
            'AADSTS700213: No matching federated identity record found for presented assertion subject',
          ],
          labels: { 'azure.workload.identity/use': 'true' },
          spec: { serviceAccountName: 'shop' },
        }),
      ]),
    ],
    cause: 'workload-identity',
    says: [/subject 'system:serviceaccount:web:shop'/, /federated-credential create/],
  },
  {
    it: 'workload-identity, where the label is missing',
    samples: [
      deployment([
        crashed(1, {
          lines: [
            'WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured.',
          ],
        }),
      ]),
    ],
    cause: 'workload-identity',
    says: [/lack the label 'azure\.workload\.identity\/use'/, /podLabels/],
  },
  {
    it: 'no workload-identity for another code of Entra ID',
    samples: [deployment([crashed(1, { lines: ['AADSTS50034: The user account does not exist'] })])],
    cause: 'container-crashes',
  },
];

describe('a container that lacks something before it begins has the cause', () => {
  holds(cases);
});
