import assert from 'node:assert/strict';
import { expandCase, expandText, type CaseFiles } from './expanding.ts';

// What templates of organisations do to the parts of a pipeline that they are given.

interface Expanded {
  readonly stages: readonly { readonly jobs: readonly Readonly<Record<string, unknown>>[] }[];
}

function jobs(files: CaseFiles): readonly Readonly<Record<string, unknown>>[] {
  return (expandCase(files) as Expanded).stages.flatMap((stage) => stage.jobs);
}

const bash = (script: string): unknown => ({ targetType: 'inline', script });

const guarded = {
  'guard.yml': `parameters:
- name: steps
  type: stepList
steps:
- \${{ each step in parameters.steps }}:
  - \${{ each pair in step }}:
      \${{ if ne(pair.value, 'CmdLine@2') }}:
        \${{ pair.key }}: \${{ pair.value }}
      \${{ if eq(pair.value, 'CmdLine@2') }}:
        '\${{ pair.value }}': error
    timeoutInMinutes: 5
`,
};

describe('templates that rewrite what they are given', () => {
  it('see typed steps as tasks, also those of templates among them', () => {
    const files = {
      ...guarded,
      'azure-pipelines.yml':
        'steps:\n- template: guard.yml\n  parameters:\n    steps:\n    - bash: a\n      displayName: A\n    - template: own/steps.yml\n',
      'own/steps.yml': 'steps:\n- template: more.yml\n',
      'own/more.yml': 'steps:\n- bash: b\n',
    };
    assert.deepEqual(jobs(files)[0]?.['steps'], [
      { task: 'Bash@3', displayName: 'A', inputs: bash('a'), timeoutInMinutes: '5' },
      { task: 'Bash@3', inputs: bash('b'), timeoutInMinutes: '5' },
    ]);
  });
  it('turn a step away by making a key of it', () => {
    const files = {
      ...guarded,
      'azure-pipelines.yml': 'steps:\n- template: guard.yml\n  parameters:\n    steps:\n    - script: a\n',
    };
    assert.throws(() => expandText(files), {
      message: "/guard.yml (Line: 10, Col: 9): Unexpected value 'CmdLine@2'",
    });
  });
  it('wrap the steps of jobs and add to their dependencies', () => {
    const files = {
      'azure-pipelines.yml':
        'jobs:\n- template: jobs.yml\n  parameters:\n    jobs:\n    - job: A\n      steps:\n      - bash: a\n    - job: B\n      dependsOn: [A]\n      steps: []\n',
      'jobs.yml': `parameters:
- name: jobs
  type: jobList
  default: []
jobs:
- job: Scan
  steps: []
- \${{ each job in parameters.jobs }}:
  - \${{ each pair in job }}:
      \${{ if notIn(pair.key, 'steps', 'dependsOn') }}:
        \${{ pair.key }}: \${{ pair.value }}
    dependsOn:
    - Scan
    - \${{ if job.dependsOn }}:
      - \${{ job.dependsOn }}
    steps:
    - task: Before@1
    - \${{ job.steps }}
    - task: After@1
      condition: always()
`,
    };
    assert.deepEqual(jobs(files), [
      { job: 'Scan', steps: [] },
      {
        job: 'A',
        dependsOn: ['Scan'],
        steps: [
          { task: 'Before@1' },
          { task: 'Bash@3', inputs: { targetType: 'inline', script: 'a' } },
          { task: 'After@1', condition: 'always()' },
        ],
      },
      { job: 'B', dependsOn: ['Scan', 'A'], steps: [{ task: 'Before@1' }, { task: 'After@1', condition: 'always()' }] },
    ]);
  });
  it('refuse a missing value with a readable text', () => {
    const files = {
      'azure-pipelines.yml': 'steps:\n- template: t.yml\n',
      't.yml':
        "parameters:\n- name: solution\n  default: ''\nsteps:\n- ${{ each p in parameters }}:\n  - ${{ if not(p.value) }}:\n    - 'Missing ${{ p.key }}': error\n",
    };
    assert.throws(() => expandText(files), {
      message: "/t.yml (Line: 7, Col: 7): Unexpected value 'Missing solution'",
    });
  });
  it('make stages of nested lists', () => {
    const files = {
      'azure-pipelines.yml': `parameters:
- name: regions
  type: object
  default:
    north: [qa, production]
    south: [qa]
stages:
- \${{ each region in parameters.regions }}:
  - stage: \${{ region.key }}
    jobs:
    - \${{ each name in region.value }}:
      - deployment: \${{ format('{0}_{1}', region.key, name) }}
        environment: \${{ name }}
        strategy:
          runOnce:
            deploy:
              steps:
              - template: deploy.yml
                parameters: {to: '\${{ name }}'}
`,
      'deploy.yml': 'parameters:\n- name: to\nsteps:\n- bash: ${{ parameters.to }}\n',
    };
    assert.deepEqual(
      jobs(files).map((job) => [job['deployment'], job['environment']]),
      [
        ['north_qa', { name: 'qa' }],
        ['north_production', { name: 'production' }],
        ['south_qa', { name: 'qa' }],
      ],
    );
    assert.match(JSON.stringify(jobs(files)[1]), /"script":"production"/);
  });
});
