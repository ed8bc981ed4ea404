import os from 'node:os';
import type { WorkTree } from './work-tree.ts';

const operatingSystems: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'Darwin', win32: 'Windows_NT' };

/** Variables that the agent itself sets at the start of a job. */
export function agentVariables(tree: WorkTree): Record<string, string> {
  return {
    'Agent.Id': '7',
    'Agent.Name': 'agent-7',
    'Agent.MachineName': os.hostname(),
    'Agent.OS': operatingSystems[process.platform] ?? 'Linux',
    'Agent.OSArchitecture': os.arch().toUpperCase(),
    'Agent.Version': '4.275.0',
    'Agent.IsSelfHosted': '1',
    'Agent.JobName': 'Job',
    'Agent.JobStatus': 'Succeeded',
    'Agent.HomeDirectory': tree.root,
    'Agent.RootDirectory': tree.work,
    'Agent.WorkFolder': tree.work,
    'Agent.TempDirectory': tree.temp,
    'Agent.ToolsDirectory': tree.tools,
    'Agent.BuildDirectory': tree.build,
    'Pipeline.Workspace': tree.build,
    'System.WorkFolder': tree.work,
    'System.DefaultWorkingDirectory': tree.sources,
    'System.ArtifactsDirectory': tree.staging,
    'System.IsAzureVM': '0',
    'System.IsDockerContainer': '0',
    'Build.SourcesDirectory': tree.sources,
    'Build.Repository.LocalPath': tree.sources,
    'Build.ArtifactStagingDirectory': tree.staging,
    'Build.StagingDirectory': tree.staging,
    'Build.BinariesDirectory': tree.binaries,
    'Common.TestResultsDirectory': tree.testResults,
  };
}

/** Variables that come with the job from the server, for a run nobody described further. */
export const serverVariables: Readonly<Record<string, string>> = {
  'System.HostType': 'build',
  'System.ServerType': 'Hosted',
  'System.Culture': 'en-US',
  'System.CollectionUri': 'https://dev.azure.com/contoso/',
  'System.CollectionId': '5c9d0a51-3d2f-4c0a-9a0e-2f0b6c1d7e01',
  'System.TeamProject': 'delivery',
  'System.TeamProjectId': '0d5e2f7a-6b1c-4e8d-8f3a-91c2b4d6e802',
  'System.DefinitionId': '12',
  'System.PlanId': '3f1b7c9e-2a4d-4b6f-8c0e-5d7a9b1c3e03',
  'System.JobId': '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
  'System.TimelineId': '3f1b7c9e-2a4d-4b6f-8c0e-5d7a9b1c3e03',
  'System.StageName': '__default',
  'System.StageAttempt': '1',
  'System.PhaseName': 'Job',
  'System.PhaseAttempt': '1',
  'System.JobName': '__default',
  'System.JobAttempt': '1',
  'Build.BuildId': '703',
  'Build.BuildNumber': '20260105.1',
  'Build.ContainerId': '6297361',
  'Build.DefinitionName': 'orders-ci',
  'Build.Reason': 'IndividualCI',
  'Build.RequestedFor': 'Robin Doe',
  'Build.Repository.Name': 'orders',
  'Build.Repository.Provider': 'TfsGit',
  'Build.Repository.Uri': 'https://dev.azure.com/contoso/delivery/_git/orders',
  'Build.SourceBranch': 'refs/heads/main',
  'Build.SourceBranchName': 'main',
  'Build.SourceVersion': '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2',
};

/** Variables that follow from others: the addresses that the server builds for the run. */
export function addressVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  const collection = variables['System.CollectionUri'] ?? '';
  const project = variables['System.TeamProjectId'] ?? '';
  const run = `plans/${variables['System.PlanId'] ?? ''}/jobs/${variables['System.JobId'] ?? ''}`;
  const hub = `hubs/${variables['System.HostType'] ?? ''}`;
  return {
    'System.TeamFoundationCollectionUri': collection,
    'System.TeamFoundationServerUri': collection,
    'System.OidcRequestUri': new URL(
      `${project}/_apis/distributedtask/${hub}/${run}/oidctoken`,
      collection.endsWith('/') ? collection : `${collection}/`,
    ).href,
    'Build.BuildUri': `vstfs:///Build/Build/${variables['Build.BuildId'] ?? ''}`,
  };
}
