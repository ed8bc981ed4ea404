import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { PipelineRecord } from '../agent/pipelines/run/index.ts';
import { isGroup, person } from '../azure/devops/index.ts';
import { startTemplateProject, type TemplateProject } from '../bench/template-project.ts';

const kim = person('Kim Contoso');

function stagesOf({ stages }: PipelineRecord): string[] {
  return stages.map(({ name, result, message = '' }) => `${name} ${result}${message && `: ${message}`}`);
}

describe('environments.yml', () => {
  let project: TemplateProject;
  beforeEach(async () => {
    project = await startTemplateProject({}, 'left');
    const { approvals, people } = project.azure.organization;
    const [approvers] = people.search('LocalGroupName', 'Release approvers');
    assert.ok(approvers !== undefined && isGroup(approvers));
    approvers.members.push(people.add(kim));
    approvals.whenAsked((approval) => approval.answer(kim, 'approved'));
  });
  afterEach(() => project.close());

  it('makes what cd.yml needs: it delivers to production once one of the group has approved', async () => {
    const made = await project.run('environments.yml');
    assert.equal(made.result, 'Succeeded');
    const { environments, approvals } = project.azure.organization;
    const kinds = environments.find('prod-go-template-app')?.configurations.all.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['approval', 'branchControl', 'lock']);
    const { cd } = await project.deliver();
    assert.deepEqual(cd && stagesOf(cd), ['qa Succeeded', 'production Succeeded']);
    assert.deepEqual(
      approvals.all.map(({ asked, status }) => [asked.environment, status]),
      [['prod-go-template-app', 'approved']],
    );
  });

  it('lets no other pipeline use them', async () => {
    await project.run('environments.yml');
    await project.deliver();
    await assert.rejects(project.run('rollback.yml', { environment: 'qa' }), /qa-go-template-app could not be found/);
  });

  it('shuts out another branch, and templates that are pinned to another tag', async () => {
    const allowed = 'branches: [refs/heads/main, refs/tags/v1.0.0]';
    const file = new URL('../../templates/examples/environment-checks.yaml', import.meta.url);
    const text = readFileSync(file, 'utf8').replaceAll(allowed, 'branches: [refs/heads/main]');
    project.commit({ 'environment-checks.yaml': text });
    await project.run('environments.yml');
    const { cd } = await project.deliver();
    assert.match(cd ? stagesOf(cd).join() : '', /qa Failed: .*does not allow refs\/tags\/v1\.0\.0/);
  });
});
