import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { LoggingCommand } from './logging-command.ts';
import { fileAttachment, summaryAttachment, type Artifact } from './run-record.ts';
import { requiredProperty, type CommandTable, type StepContext } from './step-context.ts';

/** Commands that put files, artifacts and tags on the run. Restricted mode forbids all of them. */
export const uploadCommands: CommandTable = {
  'task.uploadsummary': ({ data }, step) => {
    attach(step, summaryAttachment, path.basename(data), data);
  },
  'task.uploadfile': ({ data }, step) => {
    attach(step, fileAttachment, path.basename(data), data);
  },
  'task.addattachment': (command, step) => {
    attach(step, requiredProperty(command, 'type'), requiredProperty(command, 'name'), command.data);
  },
  'build.uploadlog': ({ data }, step) => {
    attach(step, 'DistributedTask.Core.Log', 'CustomToolLog', data);
  },
  'build.uploadsummary': ({ data }, step) => {
    attach(step, summaryAttachment, `CustomMarkDownSummary-${path.basename(data)}`, data);
  },
  'build.updatebuildnumber': ({ data }, { job }) => {
    if (data === '') throw new Error('Build number is required.');
    job.variables.set('Build.BuildNumber', data, { readOnly: true });
  },
  'build.addbuildtag': ({ data }, { job }) => {
    if (data === '') throw new Error('Build tag is required.');
    job.record.buildTags.push(data);
  },
  'results.publish': publishResults,
  'artifact.upload': uploadArtifact,
  'artifact.associate': associateArtifact,
};

/** The agent asks .NET for what its file system refuses in names; this is the answer on Windows, the strictest. */
// oxlint-disable-next-line no-control-regex
const invalidCharacters = /["<>|:*?\\/\u0000-\u001f]/;

function attach({ name: step, job }: StepContext, type: string, name: string, file: string): void {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Error(`Cannot attach '${file}': the file does not exist.`);
  for (const text of [type, name]) {
    if (invalidCharacters.test(text)) throw new Error(`Cannot attach '${name}': invalid characters.`);
  }
  job.record.attachments.push({ type, name, step, content: readFileSync(file) });
}

/** The agent reads the files by their format, and the service shows the cases in the Tests tab. */
function publishResults(command: LoggingCommand, { name: step, job }: StepContext): void {
  const format = requiredProperty(command, 'type');
  if (!/^(JUnit|NUnit|VSTest|XUnit|CTest)$/i.test(format)) throw new Error(`Unknown type of test results: ${format}.`);
  const named = requiredProperty(command, 'resultfiles').split(',');
  const files = new Map(named.map((file) => [file, readFileSync(file)]));
  job.record.testResults.push({ step, format, title: command.properties['runtitle'] ?? '', files });
}

function uploadArtifact(command: LoggingCommand, { job, transcript }: StepContext): void {
  const name = requiredProperty(command, 'artifactname');
  const source = command.data;
  if (job.variables.get('System.HostType') !== 'build') throw new Error('Uploading an artifact needs a build.');
  if (source === '') throw new Error('Artifact location is required.');
  if (!existsSync(source)) throw new Error(`Path does not exist: ${source}`);
  if (/[\\/":<>|*?]/.test(name)) throw new Error(`Artifact name '${name}' is not valid.`);
  const isFolder = statSync(source).isDirectory();
  if (isFolder && readdirSync(source).length === 0) {
    transcript.violation(`Directory '${source}' is empty. Nothing will be added to build artifact '${name}'.`);
    return;
  }
  const location = path.join(job.artifactsFolder, name);
  mkdirSync(location, { recursive: true });
  cpSync(source, isFolder ? location : path.join(location, path.basename(source)), { recursive: true });
  job.record.addArtifact({ name, type: 'container', location });
}

function associateArtifact(command: LoggingCommand, { job }: StepContext): void {
  const name = requiredProperty(command, 'artifactname');
  const types: readonly Artifact['type'][] = ['container', 'filepath', 'versioncontrol', 'gitref', 'tfvclabel'];
  const type = types.find((known) => known === command.properties['artifacttype']?.toLowerCase());
  if (type === undefined) throw new Error('Artifact type is required.');
  if (command.data === '') throw new Error('Artifact location is required.');
  job.record.addArtifact({ name, type, location: command.data });
}
