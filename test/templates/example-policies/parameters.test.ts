import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { askGator, askKyverno, policiesFolder } from './engines.ts';
import { badPods, changed, goodPod, type Fields } from './pods.ts';

const pod = (name: string, change: Fields): Fields =>
  changed(changed(goodPod, change), { metadata: { name } }) as Fields;

/** A pod with a folder of its node. */
const mounting = (name: string, folderOfNode: string, readOnly: boolean): Fields =>
  pod(name, {
    spec: {
      volumes: [{ name: 'node', emptyDir: null, hostPath: { path: folderOfNode } }],
      containers: [{ volumeMounts: [{ name: 'node', mountPath: '/node', readOnly }] }],
    },
  });

/** A pod with a port of its node. */
const taking = (hostPort: number): Fields =>
  pod(`port-${hostPort}`, { spec: { containers: [{ ports: [{ containerPort: 8080, hostPort }] }] } });

/** A pod of one container with these capabilities. */
const having = (name: string, capabilities: Fields): Fields =>
  pod(name, { spec: { initContainers: null, containers: [{ securityContext: { capabilities } }] } });

describe('The parameters of the example policies for Gatekeeper', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'constraint-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The names of the pods that a constraint with these parameters refuses. */
  async function refusedBy(constraint: string, parameters: Fields, pods: readonly Fields[]): Promise<string[]> {
    const shipped: unknown = parse(readFileSync(path.join(policiesFolder, 'gatekeeper', constraint), 'utf8'));
    const file = path.join(folder, 'constraint.yaml');
    writeFileSync(file, stringify(changed(shipped, { spec: { parameters } })));
    return [...(await askGator([path.join(policiesFolder, 'gatekeeper/templates'), file], pods)).keys()].sort();
  }

  it('allow folders of the node with all that is in them, and where it says so only to be read', async () => {
    const pods = [
      mounting('in-the-folder', '/var/log/pods/orders', true),
      mounting('the-folder-itself', '/var/log/pods', true),
      mounting('written', '/var/log/pods', false),
      mounting('only-begins-alike', '/var/log/pods-of-others', true),
      mounting('above', '/var/log', true),
      mounting('may-be-written', '/data/orders', false),
    ];
    const allowedHostPaths = [{ pathPrefix: '/var/log/pods', readOnly: true }, { pathPrefix: '/data/' }];
    const refused = await refusedBy('baseline/host-path-volumes.yaml', { allowedHostPaths }, pods);
    assert.deepEqual(refused, ['above', 'only-begins-alike', 'written']);
  });

  it('allow ports of the node', async () => {
    const pods = [taking(8443), taking(8444)];
    assert.deepEqual(await refusedBy('baseline/host-ports.yaml', { allowedHostPorts: [8443] }, pods), ['port-8444']);
  });

  it('allow other capabilities, and other ones that must be dropped', async () => {
    const pods = [
      having('adds-allowed', { add: ['NET_RAW'], drop: ['SYS_TIME'] }),
      having('adds-another', { add: ['SYS_ADMIN'], drop: ['SYS_TIME'] }),
      having('drops-another', { add: ['NET_RAW'], drop: ['ALL'] }),
    ];
    const parameters = { allowedCapabilities: ['NET_RAW'], requiredDropCapabilities: ['SYS_TIME'] };
    const refused = await refusedBy('restricted/capabilities.yaml', parameters, pods);
    assert.deepEqual(refused, ['adds-another', 'drops-another']);
  });
});

describe('The example policies for Gatekeeper', () => {
  it('allow nothing by a parameter that is left out', async () => {
    const rules = Object.entries(badPods.baseline);
    const folder = mkdtempSync(path.join(tmpdir(), 'constraints-'));
    try {
      for (const [rule] of rules) {
        const file = path.join('gatekeeper/baseline', `${rule}.yaml`);
        const shipped: unknown = parse(readFileSync(path.join(policiesFolder, file), 'utf8'));
        writeFileSync(path.join(folder, `${rule}.yaml`), stringify(changed(shipped, { spec: { parameters: null } })));
      }
      const bad = rules.map(([rule, [change = {}]]) => pod(rule, change));
      const refusals = await askGator([path.join(policiesFolder, 'gatekeeper/templates'), folder], bad);
      for (const [rule] of rules) assert.ok(refusals.get(rule)?.includes(`baseline-${rule}`), rule);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('take a field that is null for one that is not there, as the API server does', async () => {
    const bare = pod('nulls', { spec: { securityContext: { runAsNonRoot: null } } });
    const { spec } = bare as { spec: Fields };
    const nulls = { ...bare, spec: { ...spec, hostNetwork: null, securityContext: { runAsNonRoot: null } } };
    const standards = ['templates', 'baseline', 'restricted'];
    const refusals = await askGator(
      standards.map((each) => path.join(policiesFolder, 'gatekeeper', each)),
      [nulls],
    );
    assert.deepEqual([...refusals], [['nulls', ['restricted-run-as-non-root', 'restricted-seccomp']]]);
  });
});

describe('The example policies, of pods for Windows', () => {
  const windows = pod('windows', {
    spec: {
      os: { name: 'windows' },
      securityContext: null,
      initContainers: null,
      containers: [{ securityContext: null }],
    },
  });
  const standards = ['baseline', 'restricted'];

  // What Linux has alone is not asked for; a user that is not the administrator is.
  for (const [engine, refusals] of [
    ['kyverno', () => askKyverno([path.join(policiesFolder, 'kyverno')], [windows])],
    [
      'gator',
      () =>
        askGator(
          ['templates', ...standards].map((each) => path.join(policiesFolder, 'gatekeeper', each)),
          [windows],
        ),
    ],
  ] as const) {
    it(`refuse only what Windows has, too, by ${engine}`, async () => {
      assert.deepEqual([...(await refusals())], [['windows', ['restricted-run-as-non-root']]]);
    });
  }
});
