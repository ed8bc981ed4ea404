import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { masked } from '../text/shown.ts';
import type { SummaryPage } from './outcome.ts';

/**
 * Shows a Markdown page in the run's summary, which the agent does not mask. Its file stays until the agent empties its temporary folder after the
 * job, because the agent uploads it only after the step.
 */
export function addSummary({ title, markdown }: SummaryPage): void {
  const folder = mkdtempSync(path.join(tl.getVariable('Agent.TempDirectory') ?? tmpdir(), 'summary-'));
  const file = path.join(folder, `${title}.md`);
  writeFileSync(file, masked(markdown));
  tl.uploadSummary(file);
}
