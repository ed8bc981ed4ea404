import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parametersOf } from '../../scripts/generate/template-parameters.ts';
import { root } from './delivery.ts';

/** A parameter of a template, as the page of it has it. */
export type Parameter = ReturnType<typeof parametersOf>[number];

/** A template that people name, such as `stages/publish-chart.yml`. */
export interface Template {
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

/** Every template that people name. */
export const templates: readonly Template[] = ['stages', 'steps', 'pipelines'].flatMap((folder) =>
  readdirSync(path.join(root, 'templates', folder)).map((file) => {
    const name = `${folder}/${file}`;
    return { name, parameters: parametersOf(readFileSync(path.join(root, 'templates', name), 'utf8'), name) };
  }),
);

/** An environment with every key, but `cluster`, which `clusters` excludes. */
export const wholeEnvironment = {
  name: 'qa',
  environment: 'qa-orders',
  azureSubscription: 'contoso-qa',
  subscriptionId: '0d5e2f7a-6b1c-4e8d-8f3a-91c2b4d6e802',
  resourceGroup: 'contoso-apps',
  clusters: [{ name: 'west', cluster: 'contoso-weu', resourceGroup: 'contoso-weu', wave: 2 }],
  serverFqdn: 'private',
  useClusterAdmin: true,
  namespace: 'orders-qa',
  createNamespace: false,
  replicas: 2,
  images: 'app=image.repository,image.tag',
  valueFiles: ['deploy/qa.yaml'],
  values: 'colour: red',
  setSecret: 'password=$(databasePassword)',
  dependsOn: [],
  condition: "eq(variables['Build.Reason'], 'Manual')",
  pool: { name: 'contoso-agents' },
  variableGroups: ['orders-qa'],
  preDeploy: [{ script: 'kubectl get nodes' }],
  postDeploy: [{ script: 'kubectl get pods' }],
  runTests: true,
  requireApproval: true,
  timeout: '20m',
  ifOlder: 'refuse',
};

/** Variables that the samples read: those of groups and secret ones. */
export const sampleVariables = new Set(['databasePassword', 'handoffSealKey']);

/** Values that a template takes, other than the defaults, where a text or a flag will not do. */
const values: Readonly<Record<string, unknown>> = {
  allowUnmatched: ['no-latest-tag'],
  allowedBranches: ['refs/heads/release'],
  environments: [wholeEnvironment],
  environment: 'qa',
  environmentValues: ['qa=deploy/qa.yaml'],
  policies: ['policies/kyverno'],
  pool: 'contoso-agents',
  projectName: 'orders',
  registry: 'contoso.azurecr.io',
  replicas: '3',
  rollBack: 'qa',
  sealKey: '$(handoffSealKey)',
  valueFiles: ['deploy/*.yaml'],
  variableGroups: ['orders'],
};

/** A sound value of a parameter that is not its default. */
export function sampleOf({ name, type, default: given, values: allowed }: Parameter): unknown {
  if (name in values) return values[name];
  if (allowed !== undefined) return allowed.find((value) => value !== given);
  if (type === 'boolean') return given !== true;
  if (type === 'stepList') return [{ script: `echo ${name}` }];
  return `contoso-${name.toLowerCase()}`;
}

/** What must be given, and where the environments are. */
export function fewest({ parameters }: Template): Record<string, unknown> {
  const needed = parameters.filter(
    ({ name, default: given }) => given === undefined || name === 'resourceGroup' || name === 'cluster',
  );
  return Object.fromEntries(needed.map((parameter) => [parameter.name, sampleOf(parameter)]));
}

/** Everything at once, but what excludes the rest: a roll-back, a chart of the sources, a project without an image. */
export function everything({ name: template, parameters }: Template): Record<string, unknown> {
  const excluded = ['rollBack', 'chart', 'buildImage'];
  const isGiven = ({ name, default: usual }: Parameter): boolean => usual === undefined || !excluded.includes(name);
  const given = parameters.filter((each) => isGiven(each) || template.startsWith('steps/roll-back'));
  return Object.fromEntries(given.map((parameter) => [parameter.name, sampleOf(parameter)]));
}
