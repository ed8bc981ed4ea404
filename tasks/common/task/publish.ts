import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { masked } from '../text/shown.ts';
import type { SummaryPage } from './outcome.ts';

/** A file that belongs to a step, for those who read the run by Azure DevOps' REST API. */
export interface Attachment {
  /** By which readers find it, such as `helm-delivery.diagnosis`. */
  readonly type: string;
  /** Unlike that of any other one of the type in the run. */
  readonly name: string;
  /** What later steps of the job find it by, such as `diagnosis.json`. */
  readonly fileName: string;
  /** Bounded, and without secrets. */
  readonly content: string;
}

/** What the agent refuses in a type and a name: what its file system has no names of, and Windows' has the fewest. */
const refused = /[^A-Za-z0-9 ._-]/g;

/**
 * Attaches a file to the step. Like a page it stays until the agent empties its temporary folder after the job.
 * @returns its path, for later steps of the job; nobody else may read it
 */
export function addAttachment({ type, name, fileName, content }: Attachment): string {
  const file = path.join(mkdtempSync(path.join(temporaryFolder(), 'attached-')), fileName);
  writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  tl.addAttachment(type, name.replace(refused, '-'), file);
  return file;
}

/** Results for the run's Tests tab. */
export interface TestResults {
  /** How the Tests tab calls them. */
  readonly title: string;
  /** JUnit's XML: bounded, and without secrets. */
  readonly junit: string;
}

/**
 * Publishes results to the run's Tests tab. The agent reads the file after the step; it refuses that in a step whose commands
 * are restricted (`target.commands: restricted`), where the log alone tells of them. The step's own result does not depend on it.
 */
export function publishTestResults({ title, junit }: TestResults): void {
  const file = path.join(mkdtempSync(path.join(temporaryFolder(), 'results-')), 'results.xml');
  writeFileSync(file, junit, { mode: 0o600, flag: 'wx' });
  const properties = { type: 'JUnit', runTitle: title, resultFiles: file, mergeResults: 'false' };
  tl.command('results.publish', properties, '');
}

/**
 * Shows a Markdown page in the run's summary, which the agent does not mask. Its file stays until the agent empties its temporary folder after the
 * job, because the agent uploads it only after the step.
 */
export function addSummary({ title, markdown }: SummaryPage): void {
  const folder = mkdtempSync(path.join(temporaryFolder(), 'summary-'));
  const file = path.join(folder, `${title}.md`);
  writeFileSync(file, masked(markdown));
  tl.uploadSummary(file);
}

const temporaryFolder = (): string => tl.getVariable('Agent.TempDirectory') || tmpdir();
