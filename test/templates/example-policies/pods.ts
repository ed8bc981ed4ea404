/** A pod or a part of one, as JSON. */
export type Fields = { readonly [name: string]: unknown };

/** The standards, each with those that it contains. */
export const standards = { baseline: ['baseline'], restricted: ['baseline', 'restricted'] } as const;

export type Standard = keyof typeof standards;

/** A pod that keeps to both standards, with something of all that they look at. */
export const goodPod: Fields = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'good',
    namespace: 'orders',
    annotations: { 'container.apparmor.security.beta.kubernetes.io/app': 'runtime/default' },
  },
  spec: {
    hostNetwork: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
      appArmorProfile: { type: 'RuntimeDefault' },
      seLinuxOptions: { type: 'container_t', level: 's0:c123,c456' },
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '80' }],
    },
    initContainers: [container('init', { capabilities: { drop: ['ALL'] } })],
    containers: [
      {
        ...container('app', { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] }, procMount: 'Default' }),
        ports: [{ containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/readyz', port: 8080 } },
        lifecycle: { preStop: { httpGet: { path: '/drain', port: 8080 } } },
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      { name: 'config', configMap: { name: 'orders' } },
    ],
  },
};

function container(name: string, securityContext: Fields): Fields {
  return {
    name,
    image: `contoso.azurecr.io/orders/${name}:1.0.0`,
    securityContext: { allowPrivilegeEscalation: false, privileged: false, ...securityContext },
  };
}

/** The good pod with other values: mappings are merged, and of a list the items that are given; null takes a field out. */
export function changed(value: unknown, by: unknown): unknown {
  if (Array.isArray(by) && Array.isArray(value)) {
    return Array.from({ length: Math.max(by.length, value.length) }, (_, at) =>
      at in by ? changed(value[at], by[at]) : value[at],
    );
  }
  if (!isFields(by)) return by;
  const fields = Object.entries({ ...(isFields(value) ? value : {}), ...by }).map(([name, old]) => [
    name,
    name in by ? changed(isFields(value) ? value[name] : undefined, by[name]) : old,
  ]);
  return Object.fromEntries(fields.filter(([, kept]) => kept !== null));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const app = (fields: Fields): Fields => ({ spec: { containers: [fields] } });
const init = (fields: Fields): Fields => ({ spec: { initContainers: [fields] } });
const ofPod = (securityContext: Fields): Fields => ({ spec: { securityContext } });
const ofApp = (securityContext: Fields): Fields => app({ securityContext });
/** The API server refuses the two together. */
const privileged = { privileged: true, allowPrivilegeEscalation: null };
const debugging = container('debug', { capabilities: { drop: ['ALL'] } });

/**
 * What each rule must refuse, as changes of the good pod; several where a rule looks at several places. But for what the
 * rule forbids, the API server takes them.
 */
export const badPods: Readonly<Record<Standard, Readonly<Record<string, readonly Fields[]>>>> = {
  baseline: {
    'host-process': [
      ofPod({ windowsOptions: { hostProcess: true } }),
      ofApp({ windowsOptions: { hostProcess: true } }),
    ],
    'host-namespaces': [
      // In the network of the node a port is one of the node, and has no kernel parameters of its own.
      { spec: { hostNetwork: true, securityContext: { sysctls: null }, containers: [{ ports: null }] } },
      { spec: { hostPID: true } },
      { spec: { hostIPC: true } },
    ],
    'privileged-containers': [
      ofApp(privileged),
      init({ securityContext: privileged }),
      { spec: { ephemeralContainers: [changed(debugging, { securityContext: privileged })] } },
    ],
    capabilities: [ofApp({ capabilities: { add: ['NET_BIND_SERVICE', 'NET_RAW'] } })],
    'host-path-volumes': [{ spec: { volumes: [{ name: 'logs', emptyDir: null, hostPath: { path: '/var/log' } }] } }],
    'host-ports': [app({ ports: [{ containerPort: 8080, hostPort: 8080 }] })],
    'host-probes': [
      app({ readinessProbe: { httpGet: { host: '169.254.169.254' } } }),
      app({ livenessProbe: { tcpSocket: { host: 'fabrikam.example', port: 80 } } }),
      app({ lifecycle: { preStop: { httpGet: { host: 'fabrikam.example' } } } }),
    ],
    'app-armor': [
      ofPod({ appArmorProfile: { type: 'Unconfined' } }),
      { ...ofApp({ appArmorProfile: { type: 'Unconfined' } }), metadata: { annotations: null } },
      { metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' } } },
    ],
    'se-linux': [
      ofPod({ seLinuxOptions: { type: 'spc_t' } }),
      ofApp({ seLinuxOptions: { user: 'system_u' } }),
      ofApp({ seLinuxOptions: { role: 'system_r' } }),
    ],
    'proc-mount': [{ spec: { hostUsers: false, containers: [{ securityContext: { procMount: 'Unmasked' } }] } }],
    seccomp: [ofPod({ seccompProfile: { type: 'Unconfined' } }), ofApp({ seccompProfile: { type: 'Unconfined' } })],
    sysctls: [ofPod({ sysctls: [{ name: 'kernel.msgmax', value: '65536' }] })],
  },
  restricted: {
    'volume-types': [
      { spec: { volumes: [{ name: 'share', emptyDir: null, nfs: { server: 'fabrikam.example', path: '/' } }] } },
    ],
    'privilege-escalation': [ofApp({ allowPrivilegeEscalation: true }), ofApp({ allowPrivilegeEscalation: null })],
    'run-as-non-root': [
      ofPod({ runAsNonRoot: null }),
      ofApp({ runAsNonRoot: false }),
      {
        spec: {
          securityContext: { runAsNonRoot: false },
          initContainers: [{ securityContext: { runAsNonRoot: true } }],
          containers: [{ securityContext: { runAsNonRoot: true } }],
        },
      },
    ],
    'run-as-user': [ofPod({ runAsUser: 0 }), init({ securityContext: { runAsUser: 0 } })],
    seccomp: [
      ofPod({ seccompProfile: null }),
      {
        spec: {
          securityContext: { seccompProfile: null },
          containers: [{ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'orders.json' } } }],
        },
      },
    ],
    capabilities: [
      ofApp({ capabilities: { drop: ['NET_RAW'] } }),
      init({ securityContext: { capabilities: null } }),
      ofApp({ capabilities: { add: ['CHOWN'] } }),
    ],
  },
};
