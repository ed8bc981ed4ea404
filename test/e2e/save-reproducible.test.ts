import assert from 'node:assert/strict';
import { readdir, readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { startAzure, type Azure, type EmulatedRegistry } from '../azure/index.ts';
import { azureConnection } from '../bench/connections.ts';
import { git } from '../bench/git.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import type { ProgramId } from '../real/index.ts';

interface Agent {
  readonly helm: ProgramId;
  readonly timeZone: string;
  readonly umask: number;
  /** Further arguments of `git clone`. */
  readonly clone: readonly string[];
  /** When the files of the clone claim to have been changed. */
  readonly touched: Date;
}

const agents: readonly Agent[] = [
  { helm: 'helm-3.17', timeZone: 'Pacific/Auckland', umask: 0o077, clone: [], touched: new Date('2001-02-03') },
  { helm: 'helm-4.1', timeZone: 'America/St_Johns', umask: 0o002, clone: ['--depth=1'], touched: new Date() },
  { helm: 'helm-4.2', timeZone: 'UTC', umask: 0o022, clone: [], touched: new Date('2030-01-01T12:34:56Z') },
];

interface Delivery {
  readonly archive: Buffer;
  readonly archiveDigest: string | undefined;
  readonly chartDigest: string | undefined;
  readonly gitStatus: string;
}

describe('HelmChartSave: clones of one commit', () => {
  let azure: Azure;
  let registry: EmulatedRegistry;
  let developer: Pipeline;
  let deliveries: Delivery[];

  before(async () => {
    azure = await startAzure();
    registry = azure.registry(loginServer);
    developer = await startPipelineOn(azure, registry);
    const common = developer.addChart('contoso-common');
    developer.commit('2026-02-01T08:00:00Z');
    developer.addChart('go-template-app');
    developer.commit('2026-03-01T12:00:00Z');
    const saved = await developer.run('HelmChartSave', { inputs: { chartPath: common } });
    const archive = await readFile(saved.outputs['chartPath'] ?? '');
    await registry.seedChart('helm', { name: 'contoso-common', version: '1.3.0', archive });

    deliveries = [];
    for (const [index, agent] of agents.entries()) deliveries.push(await deliver(agent, index));
  });
  after(async () => {
    await developer.close();
    await azure.close();
  });

  /** Clones, saves and pushes to a registry of the agent's own. */
  async function deliver(agent: Agent, index: number): Promise<Delivery> {
    const target = `fabrikam${index}.azurecr.io`;
    azure.registry(target);
    const pusher = azure.identities.add({ kind: 'federated', roles: [{ role: 'AcrPush', scope: target }] });
    const pipeline = await startPipelineOn(azure, registry, {
      helm: agent.helm,
      connections: [{ ...azureConnection(pusher), name: 'fabrikam-azure' }],
      job: { environment: { TZ: agent.timeZone } },
    });
    const before = process.umask(agent.umask);
    try {
      const { sources } = pipeline.job.folders;
      git('.', 'clone', '--quiet', ...agent.clone, `file://${developer.job.folders.sources}`, sources);
      await touch(sources, agent.touched);
      const chartPath = 'charts/go-template-app';
      const save = await pipeline.run('HelmChartSave', {
        name: 'save',
        inputs: {
          chartPath,
          azureSubscription: 'contoso-azure',
          dependencyRegistries: loginServer,
          appVersion: '2.0.0',
        },
      });
      assert.equal(save.result, 'Succeeded', save.log.join('\n'));
      assert.deepEqual(save.violations, []);
      const push = await pipeline.run('HelmChartPush', {
        inputs: { azureSubscription: 'fabrikam-azure', registry: target, chartPath: '$(save.chartPath)' },
      });
      assert.equal(push.result, 'Succeeded', push.log.join('\n'));
      return {
        archive: await readFile(save.outputs['chartPath'] ?? ''),
        archiveDigest: save.outputs['archiveDigest'],
        chartDigest: push.outputs['chartDigest'],
        gitStatus: git(sources, 'status', '--porcelain', '--untracked-files=all'),
      };
    } finally {
      process.umask(before);
      await pipeline.close();
    }
  }

  it('give the same archive, whatever the agent, its helm and its clock', () => {
    const [first, ...others] = deliveries;
    assert.equal(others.length, 2);
    for (const other of others) {
      assert.ok(first?.archive.equals(other.archive));
      assert.equal(other.archiveDigest, first?.archiveDigest);
    }
  });

  it('give the same manifest in every registry', () => {
    const digests = new Set(deliveries.map(({ chartDigest }) => chartDigest));
    assert.equal(digests.size, 1);
    assert.match([...digests][0] ?? '', /^sha256:[0-9a-f]{64}$/);
  });

  it('stay as they were: what was fetched is in the archive only', () => {
    for (const { gitStatus } of deliveries) assert.equal(gitStatus, '');
  });

  it('give the same archive again in a workspace that is used a second time', async () => {
    const inputs = {
      chartPath: 'charts/go-template-app',
      azureSubscription: 'contoso-azure',
      dependencyRegistries: loginServer,
      appVersion: '2.0.0',
    };
    const first = await developer.run('HelmChartSave', { inputs });
    const second = await developer.run('HelmChartSave', { inputs });

    assert.equal(first.outputs['archiveDigest'], deliveries[0]?.archiveDigest);
    assert.equal(second.outputs['archiveDigest'], deliveries[0]?.archiveDigest);
  });
});

async function touch(folder: string, time: Date): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!entry.startsWith('.git')) await utimes(path.join(folder, entry), time, time);
  }
}
