import type { Rehearsal } from './rehearsal.ts';

/** Something that goes wrong between a commit and its end. */
export interface Scenario {
  /** One line for `--help`. */
  readonly tells: string;
  /** What the newcomer should look at, when it is over. */
  readonly shows: string;
  /** How the deployment ends, by stage. */
  readonly ends: Readonly<Record<string, string>>;
  /** Before the commit. */
  readonly prepare?: (rehearsal: Rehearsal) => void;
  /** Between CI and CD. */
  readonly between?: (rehearsal: Rehearsal) => Promise<void> | void;
  /** Whether a sound version is deployed before, to which the release can go back. */
  readonly isSecond?: boolean;
}

export type ScenarioName =
  'crashloop' | 'missing-image' | 'forbidden' | 'moved-tag' | 'tampered-handoff' | 'failed-wave';

const crashing = `podAnnotations:
  contoso.example/behaviour: crash-loop
`;

const missingImage = `podAnnotations:
  contoso.example/behaviour: image-pull-error
`;

/** Two regions in waves, the first of which has no cluster role for the connection. */
const waves = `stages:
  - template: templates/stages/deploy-environments.yml@delivery
    parameters:
      projectName: go-template-app
      azureSubscription: contoso-azure
      registry: contoso.azurecr.io
      environments:
        - name: qa
          environment: qa-go-template-app
          namespace: go-template-app-qa
          resourceGroup: contoso-qa
          clusters:
            - cluster: contoso-qa-west
              wave: 1
            - cluster: contoso-qa-north
              wave: 2
        - name: production
          environment: prod-go-template-app
          resourceGroup: contoso-prod
          cluster: contoso-prod
          namespace: go-template-app-prod
`;

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  crashloop: {
    tells: "a commit's pods crash in qa, which waits for 20 s: the step says why, and the release goes back",
    shows:
      'HelmReleaseDeploy found the container that ends, quoted its log, and went back to the revision before; production was never asked.',
    ends: { qa: 'Failed', production: 'Skipped' },
    isSecond: true,
    // A crash may heal by itself, so the step would wait for as long as the environment allows.
    prepare: ({ repository }) => {
      repository.write('deploy/qa.yaml', crashing);
      repository.change('stages.yml', 'replicas: 1\n', 'replicas: 1\n          timeout: 20s\n');
    },
  },
  'missing-image': {
    tells: 'production is approved, but its nodes cannot pull the image: the release goes back',
    shows:
      'The step says which pods do not get their image, does not wait once it knows why, and production is what it was.',
    ends: { qa: 'Succeeded', production: 'Failed' },
    isSecond: true,
    prepare: ({ repository }) => {
      repository.write('deploy/production.yaml', missingImage);
      // The played nodes say what the registry says; those of the real control plane only that they wait.
      repository.change('stages.yml', 'replicas: 2\n', 'replicas: 2\n          timeout: 60s\n');
    },
  },
  forbidden: {
    tells: "the connection has no role on production's cluster",
    shows: 'The step names the identity, the cluster and the Azure role that is missing.',
    ends: { qa: 'Succeeded', production: 'Failed' },
    between: ({ world }) => world.takeRoles('contoso-azure', 'contoso-prod'),
  },
  'moved-tag': {
    tells: "somebody pushes over the chart's tag between CI and CD",
    shows: 'HandoffImport compares the tag with the digest of the handoff: nothing was deployed anywhere.',
    ends: { qa: 'Failed', production: 'Skipped' },
    between: (rehearsal) => rehearsal.moveTag(),
  },
  'tampered-handoff': {
    tells: 'somebody edits a values file in the artifact between CI and CD',
    shows: 'Each file of the handoff has its SHA-256 in variables.json: nothing was deployed anywhere.',
    ends: { qa: 'Failed', production: 'Skipped' },
    between: (rehearsal) => rehearsal.tamper(),
  },
  'failed-wave': {
    tells: 'qa has two clusters in waves, and the first wave fails: neither the second nor production starts',
    shows:
      'A wave starts when all clusters of the waves before are healthy, and a stage when the one before went well.',
    ends: { qa: 'Failed', production: 'Skipped' },
    prepare: ({ repository }) => repository.write('stages.yml', waves),
    between: ({ world }) => world.takeRoles('contoso-azure', 'contoso-qa-west'),
  },
};
