const name = 'aks-nodepool1-12345678-vmss000000';
const capacity = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '128Gi', pods: '250' };

/** Where the API server has the node. */
export const nodeAddress = `/api/v1/nodes/${name}`;

/** The only node, as large as the tests may ever want. kwok makes it ready and keeps it alive. */
export const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: {
      agentpool: 'nodepool1',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'topology.kubernetes.io/region': 'eastus',
    },
  },
  status: { capacity, allocatable: capacity },
};
