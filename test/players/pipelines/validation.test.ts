import assert from 'node:assert/strict';
import { Refused } from '../../agent/pipelines/yaml/refusal.ts';
import { expandCase } from './expanding.ts';

const rule = "Valid names may only contain alphanumeric characters and '_' and may not start with a number.";
const steps = 'steps: [{script: x}]';
const job = (name: string, more = ''): string => `{job: ${name}, ${more}${steps}}`;
const stage = (name: string, more = '', jobs = job('one')): string => `- {stage: ${name}, ${more}jobs: [${jobs}]}\n`;
const stages = (...all: readonly string[]): string => `stages:\n${all.join('')}`;
const jobs = (...all: readonly string[]): string => `jobs: [${all.join(', ')}]\n`;

/** Pipelines, and what the service says of them once they are expanded. */
const refusals: readonly (readonly [string, readonly string[]])[] = [
  [stages(stage('a'), stage('b', 'dependsOn: [A, nobody], ')), ['Stage b depends on unknown stage nobody.']],
  [
    stages(stage('a', 'dependsOn: b, '), stage('b', 'dependsOn: a, ')),
    ['The pipeline must contain at least one stage with no dependencies.'],
  ],
  [
    stages(stage('a'), stage('b', 'dependsOn: c, '), stage('c', 'dependsOn: b, ')),
    ['Stage c depends on stage b which creates a cycle in the dependency graph.'],
  ],
  [
    stages(stage('a'), stage('A', 'dependsOn: [], ')),
    ['The stage name A appears more than once. Stage names must be unique within a pipeline.'],
  ],
  [stages(stage('a-b')), [`Stage a-b has an invalid name. ${rule}`]],
  // Nothing can begin, and the service looks no further.
  [
    stages(stage('a', '', job('one', 'dependsOn: two, '))),
    ['Stage a must contain at least one job with no dependencies.'],
  ],
  [
    stages(stage('a', '', `${job('one')}, ${job('two', 'dependsOn: six, ')}`)),
    ['Stage a job two depends on unknown job six.'],
  ],
  [
    stages(stage('a', '', `${job('one')}, ${job('One')}`)),
    ['Stage a job One appears more than once. Job names must be unique within a stage.'],
  ],
  [stages(stage('a', '', job('1st'))), [`Stage a job 1st has an invalid name. ${rule}`]],
  [jobs(job('one'), job('two', 'dependsOn: [one, six], ')), ['Job two depends on unknown job six.']],
  [
    jobs(job('one'), job('one')),
    ['The job name one appears more than once. Job names must be unique within a pipeline.'],
  ],
  [jobs(job('one', 'dependsOn: one, ')), ['The pipeline must contain at least one job with no dependencies.']],
  [
    jobs(job('a', 'dependsOn: b, '), job('b', 'dependsOn: a, '), job('c')),
    ['Job b depends on job a which creates a cycle in the dependency graph.'],
  ],
  [
    'steps: [{script: x, name: a}, {script: y, name: A}]\n',
    ['Job Job: The step name A appears more than once. Step names must be unique within a job.'],
  ],
  ['steps: [{script: x, name: a.b}]\n', [`Job Job: Step a.b has an invalid name. ${rule}`]],
  [
    stages(stage('a b', 'dependsOn: nobody, '), stage('c')),
    [`Stage a b has an invalid name. ${rule}`, 'The pipeline must contain at least one stage with no dependencies.'],
  ],
];

describe('what the service refuses of an expanded pipeline', () => {
  for (const [text, words] of refusals) {
    it(words.join(' '), () => {
      assert.throws(
        () => expandCase(text),
        (error) => {
          assert.ok(error instanceof Refused, String(error));
          assert.deepEqual(error.lines, words);
          return true;
        },
      );
    });
  }

  it('are no names that only a run knows, nor none at all', () => {
    const text = stages(stage('$(name)', '', `${job('')}, ${job("''")}`));
    assert.doesNotThrow(() => expandCase(text));
  });

  it('are no stages that begin at once, or wait for several', () => {
    const text = stages(stage('a'), stage('b', 'dependsOn: [], '), stage('_c9', 'dependsOn: [a, B], '));
    assert.doesNotThrow(() => expandCase(text));
  });
});

/** What stands where it does not belong, and where the service says so. */
const misplaced: readonly (readonly [string, string])[] = [
  ['trigger: main\nsteps: []\n', "(Line: 1, Col: 10): Unexpected value 'main'"],
  ['trigger:\n  branch: main\nsteps: []\n', "(Line: 2, Col: 3): Unexpected value 'branch'"],
  ['pr:\n  batch: true\nsteps: []\n', "(Line: 2, Col: 3): Unexpected value 'batch'"],
  ['jobs:\n- displayName: A\n  job: a\n', "(Line: 2, Col: 3): Unexpected value 'displayName'"],
  ['stages:\n- jobs: []\n  stage: a\n', "(Line: 2, Col: 3): Unexpected value 'jobs'"],
  ['steps:\n- task: A@1\n  inputs: x\n', '(Line: 3, Col: 11): Expected a mapping'],
  ['steps:\n- script: x\n  env: [a]\n', '(Line: 3, Col: 8): A sequence was not expected'],
  ['jobs:\n- deployment: a\n  environment:\n    nme: qa\n', "(Line: 4, Col: 5): Unexpected value 'nme'"],
  ['jobs:\n- deployment: a\n  strategy:\n    once: {}\n', "(Line: 4, Col: 5): Unexpected value 'once'"],
  [
    'jobs:\n- deployment: a\n  strategy:\n    runOnce:\n      deploys: {}\n',
    "(Line: 5, Col: 7): Unexpected value 'deploys'",
  ],
  [
    'jobs:\n- deployment: a\n  strategy:\n    runOnce:\n      deploy:\n        step: []\n',
    "(Line: 6, Col: 9): Unexpected value 'step'",
  ],
  [
    'jobs:\n- deployment: a\n  strategy:\n    runOnce:\n      on:\n        succes: {}\n',
    "(Line: 6, Col: 9): Unexpected value 'succes'",
  ],
];

describe('what stands where it does not belong', () => {
  for (const [text, words] of misplaced) {
    it(`is refused at its place: ${words}`, () => {
      assert.throws(() => expandCase(text), { message: `/azure-pipelines.yml ${words}` });
    });
  }
});
