import type { DiagnosisReport } from '../../../tasks/common/diagnosis/report.ts';
import { after, evidence, finding, log, object, report, shop, status } from './reports.ts';

const pod = object('Pod', 'shop-7d4b9c-x2k4p');
const helmSays = (words: string): Partial<DiagnosisReport> => ({
  message: `Release 'shop' in namespace 'shop-qa': helm upgrade failed with exit code 1 (Error: UPGRADE FAILED: ${words}); no revision was made.`,
  revision: undefined,
  statuses: [status(shop, '', { ready: 2, wanted: 2 })],
  timeline: [],
});

/** Texts as the causes give them, and as kubelet, scheduler, API server and helm say them. */
const image = finding('image-not-found', 'image', {
  what: "Deployment 'shop' cannot pull 'contoso.azurecr.io/shop:1.2.4': registry 'contoso.azurecr.io' has no such tag or digest (not found).",
  fix: "Push '1.2.4' to repository 'shop', or correct image.repository and image.tag in the chart's values.",
  command: 'az acr repository show-tags --name contoso --repository shop --orderby time_desc --top 10',
  count: 2,
  evidence: [
    evidence(
      pod,
      'event Failed',
      'Failed: Failed to pull image "contoso.azurecr.io/shop:1.2.4": rpc error: code = NotFound desc = failed to pull and unpack image "contoso.azurecr.io/shop:1.2.4": failed to resolve reference "contoso.azurecr.io/shop:1.2.4": contoso.azurecr.io/shop:1.2.4: not found',
      9,
    ),
    evidence(
      pod,
      'status.containerStatuses[web].state.waiting',
      'ImagePullBackOff: Back-off pulling image "contoso.azurecr.io/shop:1.2.4"',
    ),
  ],
  canMend: false,
});

const crash = finding('container-crashes', 'crash', {
  what: "Container 'web' of Deployment 'shop' ends with exit code 1, after 4 restarts; it printed last: 'FATAL: password authentication failed for user \"shop\"'.",
  fix: 'Read the end of its log: the program itself ended.',
  command: 'kubectl logs shop-7d4b9c-x2k4p --container web --previous --namespace shop-qa',
  count: 2,
  evidence: [
    evidence(pod, 'status.containerStatuses[web].lastState.terminated', 'Error: exit code 1', 41),
    evidence(pod, 'log of web before its restart', 'FATAL: password authentication failed for user "shop"'),
  ],
});

const quota = finding('quota-exceeded', 'admission', {
  what: "ResourceQuota 'compute' has no room for the pods of Deployment 'shop': they ask for requests.cpu=500m, requests.cpu=3800m is used, and the limit is requests.cpu=4.",
  fix: "Raise the quota, or lower resources.requests in the chart's values.",
  command: 'kubectl describe quota compute --namespace shop-qa',
  evidence: [
    evidence(
      object('ReplicaSet', 'shop-7d4b9c'),
      'event FailedCreate',
      'FailedCreate: Error creating: pods "shop-7d4b9c-abcde" is forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=3800m, limited: requests.cpu=4',
      3,
    ),
  ],
  canMend: false,
});

const scheduling = finding('untolerated-taint', 'scheduling', {
  what: "No node takes the pods of Deployment 'shop': the nodes have a taint that the pod does not tolerate (CriticalAddonsOnly=true:NoSchedule).",
  fix: 'These are nodes of a system pool; add a pool for applications (az aks nodepool add --mode User).',
  command: "kubectl get nodes --output custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
  evidence: [
    evidence(
      pod,
      'condition PodScheduled',
      'Unschedulable: 0/3 nodes are available: 3 node(s) had untolerated taint(s). preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
      2,
    ),
  ],
});

/** Roll-outs that failed, as a page shows them, one for each kind of cause and some without. */
export const samples: Readonly<Record<string, DiagnosisReport>> = {
  'an image that is missing': report({ findings: [image] }),
  'a container that crashes': report(
    { findings: [crash] },
    {
      statuses: [status(shop, '2 pods crash again and again', { ready: 0, wanted: 2 })],
      logs: [log(['Starting shop 1.2.4', 'FATAL: password authentication failed for user "shop"'])],
      timeline: [
        { at: after(2), line: 'Deployment shop: 0 of 2 pods; 2 pods are starting' },
        { at: after(6), line: 'Pod shop-7d4b9c-x2k4p, container web (exit code 1), printed last:' },
        { at: after(6), line: '  | FATAL: password authentication failed for user "shop"' },
        { at: after(41), line: 'Deployment shop: 0 of 2 pods; 2 pods crash again and again' },
      ],
    },
  ),
  'a quota that is used up': report(
    { findings: [quota] },
    { statuses: [status(shop, 'pods are refused (FailedCreate)', { ready: 2, wanted: 3 })] },
  ),
  'nodes that take no pods': report(
    { findings: [scheduling] },
    {
      statuses: [status(shop, '2 pods wait for a node', { ready: 0, wanted: 2 })],
      blind: ['Nodes may not be listed.'],
    },
  ),
  'a policy that refuses an object': report(
    {
      findings: [
        finding('azure-policy', 'admission', {
          what: "Azure Policy refuses Deployment 'shop': azurepolicy-k8sazurev3allowedcontainerimages says: Container image docker.io/library/nginx:1.27 for container web has not been allowed.",
          fix: 'Take an image of a registry that the policy allows, or ask its owner for an exemption of the namespace.',
          command: 'kubectl get k8sazurev3containerallowedimages',
          evidence: [
            evidence(
              object('Release', 'shop'),
              'helm',
              'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-k8sazurev3allowedcontainerimages-1f2e] Container image docker.io/library/nginx:1.27 for container web has not been allowed.',
            ),
          ],
          canMend: false,
        }),
      ],
    },
    helmSays(
      'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-…] Container image … has not been allowed.',
    ),
  ),
  'a role that is missing': report(
    {
      findings: [
        finding('deployer-role', 'apply', {
          what: "The identity '5b1d…' may not create networking.k8s.io ingresses in namespace 'shop-qa'.",
          fix: "Assign it the role 'Azure Kubernetes Service RBAC Writer' on the cluster or on the namespace.",
          command: 'kubectl auth can-i --list --namespace shop-qa',
          owner: object('Release', 'shop'),
          evidence: [
            evidence(
              object('Release', 'shop'),
              'helm',
              'ingresses.networking.k8s.io is forbidden: User "5b1d…" cannot create resource "ingresses" in API group "networking.k8s.io" in the namespace "shop-qa"',
            ),
          ],
        }),
      ],
    },
    helmSays('ingresses.networking.k8s.io is forbidden: User "5b1d…" cannot create resource "ingresses"'),
  ),
  'a field that cannot change': report(
    {
      findings: [
        finding('field-immutable', 'apply', {
          what: "Deployment 'shop' cannot be changed: spec.selector is immutable.",
          fix: 'Keep the selector as it was, rename the Deployment, or delete it in a maintenance window and deploy again.',
          command: "kubectl get deployment shop --namespace shop-qa --output jsonpath='{.spec.selector}'",
          evidence: [
            evidence(
              object('Release', 'shop'),
              'helm',
              'Deployment.apps "shop" is invalid: spec.selector: Invalid value: field is immutable',
            ),
          ],
        }),
      ],
    },
    helmSays(
      'cannot patch "shop" with kind Deployment: Deployment.apps "shop" is invalid: spec.selector: … field is immutable',
    ),
  ),
  'a hook that failed': report(
    {
      findings: [
        finding('hook-failed', 'crash', {
          what: "Hook Job 'shop-migrate' (pre-upgrade) failed: BackoffLimitExceeded; it printed last: 'relation \"orders\" does not exist'.",
          fix: 'Read its log; the release itself was not touched yet.',
          command: 'kubectl logs job/shop-migrate --namespace shop-qa',
          owner: object('Job', 'shop-migrate'),
        }),
      ],
    },
    {
      statuses: [
        {
          object: object('Job', 'shop-migrate'),
          health: { state: 'failed', why: 'BackoffLimitExceeded', optional: true },
        },
        status(shop, '', { ready: 2, wanted: 2 }),
      ],
      logs: [
        {
          ...log(['ERROR: relation "orders" does not exist']),
          pod: object('Pod', 'shop-migrate-9xk2'),
          previous: false,
        },
      ],
    },
  ),
  'several causes at once': report(
    { findings: [quota, image, crash] },
    {
      statuses: [
        status(object('Service', 'shop'), 'no address of a load balancer yet'),
        status(object('StatefulSet', 'shop-db'), '', { ready: 1, wanted: 1 }),
        status(shop, 'pods are refused (FailedCreate)', { ready: 2, wanted: 3 }),
        { object: object('Job', 'shop-report'), health: { state: 'failed', why: 'DeadlineExceeded', optional: true } },
      ],
    },
  ),
  'no known cause': report(
    {
      unexplained: [
        {
          owner: shop,
          evidence: [
            evidence(
              pod,
              'event FailedPostStartHook',
              'FailedPostStartHook: PostStartHook failed: command exited with 126: /opt/contoso/register: Permission denied',
              7,
            ),
          ],
        },
      ],
    },
    { statuses: [status(shop, '2 pods are not ready', { ready: 0, wanted: 2 })] },
  ),
  'nothing that the cluster says': report(
    {},
    { statuses: [status(shop, '1 pod is starting', { ready: 1, wanted: 2 })] },
  ),
  'a chart that helm cannot read': report(
    {},
    {
      ...helmSays('template: shop/templates/deployment.yaml:7:20: executing … nil pointer evaluating interface {}.tag'),
    },
  ),
  'a roll-out that nobody could watch': report(
    {},
    {
      statuses: [],
      timeline: [],
      blind: ["The roll-out is not watched: pods is forbidden: User '5b1d…' cannot list resource 'pods'."],
    },
  ),
  'tests that did not pass': report(
    {},
    {
      message:
        "Release 'shop' in namespace 'shop-qa': The tests of the release did not pass: helm test failed with exit code 1 (Error: 1 error occurred: * pod shop-test-connection failed). Rolled back to revision 3, which is revision 5 now and healthy.",
      statuses: [status(shop, '', { ready: 2, wanted: 2 })],
      logs: [
        {
          ...log(['wget: server returned error: HTTP/1.1 503']),
          pod: object('Pod', 'shop-test-connection'),
          previous: false,
        },
      ],
    },
  ),
};
