import { type Case, holds } from './cases.ts';
import { at, deployment, pod, type Sample, type SampleEvent, running, waiting, web } from './sample-view.ts';

const image = 'contoso.azurecr.io/go-template-app:1.2.0';
const tokenOf =
  'https://contoso.azurecr.io/oauth2/token?scope=repository%3Ago-template-app%3Apull&service=contoso.azurecr.io';

/** containerd 1.7 and 2.x, core/images resolver and docker authorizer; the kubelet puts the first words in front. */
const pullTexts = {
  anonymous: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to ${tokenOf}: 401 Unauthorized`,
  oauth: `rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://contoso.azurecr.io/oauth2/token: 401 Unauthorized`,
  firewall: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to ${tokenOf}: 403 Forbidden`,
  firewallNamed: `failed to pull and unpack image "${image}": failed to copy: httpReadSeeker: failed open: unexpected status code 403: denied: client with IP '20.50.60.70' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
  notFound: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
  // containerd, core/unpack/unpacker.go and core/content, when another pull is at the same layer.
  ofNode: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to extract layer sha256:1a2b: failed to get reader from content store: content digest sha256:3c4d: not found`,
  unknown: `failed to pull and unpack image "${image}": failed to resolve image: manifest unknown: manifest tagged by "1.2.0" is not found`,
  hidden:
    'failed to pull and unpack image "docker.io/fabrikam/shop:1": failed to resolve reference "docker.io/fabrikam/shop:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  dns: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://contoso.azurecr.io/v2/go-template-app/manifests/1.2.0": dial tcp: lookup contoso.azurecr.io on 168.63.129.16:53: no such host`,
  timeout: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to authorize: failed to fetch anonymous token: Get "${tokenOf}": dial tcp 20.50.60.1:443: i/o timeout`,
  platform: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": no match for platform in manifest: not found`,
};

/** A pod whose image is not pulled: the text stands in the state (from Kubernetes 1.32 on behind the pause, too) and in the event. */
function unpulled(
  text: string,
  { name = 'shop-6d4-abcde', spec = {}, events = [] }: { name?: string; spec?: object; events?: SampleEvent[] } = {},
): Sample {
  const message = `Back-off pulling image "${image}": ErrImagePull: ${text}`;
  return pod({ name, spec, status: web(waiting('ImagePullBackOff', message)), events });
}

/** As before Kubernetes 1.32: the state says nothing while the kubelet pauses. */
function unpulledBefore(text: string): Sample {
  return pod({
    status: web(waiting('ImagePullBackOff', `Back-off pulling image "${image}"`)),
    events: [
      { reason: 'Failed', message: `Failed to pull image "${image}": ${text}`, count: 3 },
      { reason: 'Failed', message: 'Error: ImagePullBackOff' },
    ],
  });
}

const secret = { imagePullSecrets: [{ name: 'contoso-pull' }] };
const events = [
  {
    reason: 'FailedToRetrieveImagePullSecret',
    message: 'Unable to retrieve some image pull secrets (contoso-pull); attempting to pull the image may not succeed.',
  },
];

const cases: readonly Case[] = [
  {
    it: 'acr-role, where the identity of the nodes may not pull',
    samples: [deployment([unpulled(pullTexts.anonymous)])],
    cause: 'acr-role',
    says: [
      /'contoso\.azurecr\.io'/,
      /'AcrPull'/,
      /az aks update --attach-acr contoso/,
      /Repository Reader/,
      /az aks check-acr/,
    ],
    canMend: true,
  },
  { it: 'acr-role by the event alone', samples: [deployment([unpulledBefore(pullTexts.oauth)])], cause: 'acr-role' },
  {
    it: 'acr-role, where the secret of the pod is wrong',
    samples: [deployment([unpulled(pullTexts.anonymous, { spec: secret })])],
    cause: 'acr-role',
    says: [/'contoso-pull' in imagePullSecrets/, /Correct the registry's name, user and password/],
  },
  {
    it: 'acr-role, where the secret of the pod is not there',
    samples: [deployment([unpulled(pullTexts.anonymous, { spec: secret, events })])],
    cause: 'acr-role',
    says: [/Secret 'contoso-pull' .*does not exist/],
  },
  {
    it: 'acr-firewall for a 403, which is no missing role',
    samples: [deployment([unpulled(pullTexts.firewall)])],
    cause: 'acr-firewall',
    says: [/No role helps/, /network-rule add --name contoso/],
  },
  {
    it: 'acr-firewall with the address that it names',
    samples: [deployment([unpulled(pullTexts.firewallNamed)])],
    cause: 'acr-firewall',
    says: [/20\.50\.60\.70/],
  },
  {
    it: 'image-not-found, ended once the kubelet has tried again',
    samples: [deployment([unpulledBefore(pullTexts.notFound)])],
    cause: 'image-not-found',
    says: [/'1\.2\.0'/, /'go-template-app'/, /show-tags --name contoso --repository go-template-app/],
    canMend: false,
  },
  {
    it: 'image-not-found of containerd 2',
    samples: [deployment([unpulled(pullTexts.unknown)])],
    cause: 'image-not-found',
  },
  {
    it: 'image-not-found that may mend at its first try',
    samples: [deployment([pod({ status: web(waiting('ErrImagePull', pullTexts.notFound)) })])],
    cause: 'image-not-found',
    canMend: true,
    after: 8,
  },
  {
    it: 'image-not-found that may mend at its first try, though the pod began long ago with another container',
    samples: [
      deployment([
        pod({
          status: {
            ...web(
              waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${pullTexts.notFound}`),
            ),
            conditions: [{ type: 'Initialized', status: 'True', lastTransitionTime: at(110) }],
          },
        }),
      ]),
    ],
    cause: 'image-not-found',
    canMend: true,
  },
  {
    it: "no image-not-found for what a node's own store does not find for a moment",
    samples: [deployment([unpulled(pullTexts.ofNode)])],
    cause: undefined,
  },
  {
    it: 'image-not-found, or hidden, where the registry does not tell',
    samples: [
      deployment([unpulled(pullTexts.hidden, { spec: { containers: [{ name: 'web', image: 'fabrikam/shop:1' }] } })]),
    ],
    cause: 'image-not-found',
    says: [/or that a sign-in is needed/, /imagePullSecrets/, /'docker\.io'/],
    canMend: true,
  },
  {
    it: 'registry-unreachable for DNS',
    samples: [deployment([unpulled(pullTexts.dns)])],
    cause: 'registry-unreachable',
    says: [/no such host/, /DNS/],
  },
  {
    it: 'registry-unreachable, though the request was for a token',
    samples: [deployment([unpulled(pullTexts.timeout)])],
    cause: 'registry-unreachable',
    says: [/i\/o timeout/, /data\.azurecr\.io/],
  },
  {
    it: 'registry-unreachable where it lets nobody pull more',
    samples: [
      deployment([
        unpulled(
          'failed to pull and unpack image "docker.io/library/nginx:1": failed to copy: httpReadSeeker: failed open: unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit',
          { spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
        ),
      ]),
    ],
    cause: 'registry-unreachable',
    says: [/'docker\.io' lets the nodes' address pull no more/, /az acr import/],
  },
  {
    it: 'registry-unreachable of one node',
    samples: [
      deployment([
        unpulled(pullTexts.timeout),
        pod({
          name: 'shop-6d4-fghij',
          spec: { nodeName: 'aks-user-2' },
          status: {
            ...web(running(), { imageID: 'sha256:1', ready: true }),
            conditions: [{ type: 'Ready', status: 'True' }],
          },
        }),
      ]),
    ],
    cause: 'registry-unreachable',
    says: [/node 'aks-user-1'/, /kubectl cordon aks-user-1/],
  },
  {
    it: 'wrong-architecture, though it says not found',
    samples: [deployment([unpulled(pullTexts.platform)])],
    cause: 'wrong-architecture',
    canMend: false,
  },
  {
    it: 'wrong-architecture by the log of a container that crashes',
    samples: [
      deployment([
        pod({
          status: web(waiting('CrashLoopBackOff'), { restartCount: 4 }),
          logs: { web: { previous: true, lines: ['exec /usr/local/bin/shop: exec format error'] } },
        }),
      ]),
    ],
    cause: 'wrong-architecture',
  },
  {
    it: 'never-ready of a program that runs and tells of another one that does not',
    samples: [
      deployment([
        pod({ status: web(running()), logs: { web: { previous: false, lines: ['plugin: exec format error'] } } }),
      ]),
    ],
    cause: 'never-ready',
  },
  {
    it: 'image-name-invalid with an empty tag',
    samples: [
      deployment([
        pod({
          spec: { containers: [{ name: 'web', image: 'contoso.azurecr.io/shop:' }] },
          status: web(
            waiting(
              'InvalidImageName',
              'Failed to apply default image tag "contoso.azurecr.io/shop:": couldn\'t parse image name',
            ),
          ),
        }),
      ]),
    ],
    cause: 'image-name-invalid',
    says: [/Its tag is empty/],
    canMend: false,
  },
  {
    it: 'nothing while an image is being pulled',
    samples: [deployment([pod({ status: web(waiting('ContainerCreating')) })])],
    cause: undefined,
  },
  {
    it: 'nothing of a pull that has worked since',
    samples: [
      deployment([
        pod({
          status: web(running(at(115))),
          events: [{ reason: 'Failed', message: `Failed to pull image "${image}": ${pullTexts.notFound}` }],
        }),
      ]),
    ],
    cause: undefined,
  },
];

describe('a pod whose image is not there has the cause', () => {
  holds(cases);
});
