import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathsUnder } from './artifact-files.ts';
import { matchesPatterns } from './patterns.ts';
import type { StepKind } from './step-kind.ts';

/** PublishTestResults@2: the files are kept in the job's record; nobody counts the tests in them. */
export const publishTestResults: StepKind = {
  title: 'PublishTestResults@2',
  ids: ['0b0f01ed-7dde-43ff-9cbb-e48954daf9b1'],
  inputs:
    'testRunner testResultsFormat testResultsFiles searchFolder mergeTestResults testRunTitle failTaskOnFailedTests failTaskOnMissingResultsFile publishRunAttachments buildPlatform buildConfiguration platform configuration',
  unplayed: (inputs) =>
    inputs.flag('failTaskOnFailedTests') ? 'PublishTestResults@2 with failTaskOnFailedTests' : undefined,
  run: (job, { inputs, options }) =>
    job.runAction({
      ...options,
      act: ({ name, transcript }) => {
        const start = job.expand('$(System.DefaultWorkingDirectory)');
        const folder = path.resolve(start, inputs.text('searchFolder') ?? '');
        const patterns = inputs.text('testResultsFiles') ?? '**/TEST-*.xml';
        const all = existsSync(folder) ? pathsUnder(folder) : [];
        const found = all.filter((file) => matchesPatterns(path.posix.join(folder, file), rooted(patterns, folder)));
        const files = new Map(found.map((file) => [file, readFileSync(path.join(folder, file))]));
        if (files.size === 0) {
          const missing = `No test result files matching ${patterns} were found in ${folder}.`;
          if (inputs.flag('failTaskOnMissingResultsFile')) throw new Error(missing);
          transcript.issue('warning', missing);
          return Promise.resolve();
        }
        const format = inputs.text('testResultsFormat', 'testRunner') ?? 'JUnit';
        job.record.testResults.push({ step: name, format, title: inputs.text('testRunTitle') ?? '', files });
        transcript.output(`Results of tests (${format}): ${found.join(', ')}`);
        return Promise.resolve();
      },
    }),
};

/** Patterns may be whole paths, or begin in the folder. */
function rooted(patterns: string, folder: string): string {
  return patterns
    .split('\n')
    .map((line) => line.trim().replace(/^(!?)(?!\/)(.+)$/, `$1${folder.replaceAll('$', '$$$$')}/$2`))
    .join('\n');
}
