import { checkedNamespace } from '../common/aks/credential-request.ts';
import { checkClusterNames, clusterNames } from '../common/cluster/named-cluster.ts';
import { checkRelease } from '../common/helm/release-name.ts';
import type { NamespaceLabels } from '../common/policy/namespaces.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import { filledLines } from '../common/text/lines.ts';
import { shown } from '../common/text/shown.ts';
import type { Inputs } from './inputs.gen.ts';

/** One set of values that the chart is rendered with. */
export interface Environment {
  /** Empty where there is only one, which has no name. */
  readonly name: string;
  /** Patterns of files, a line each, that are laid over those of all. */
  readonly files: string;
}

/** The inputs in the form that the code works with. */
export interface Checked {
  /** Whether the policies are those in force in a cluster, and no files. */
  readonly isOfCluster: boolean;
  readonly namespace: string;
  readonly labels: NamespaceLabels;
  /** Undefined: the name of the chart. */
  readonly releaseName: string | undefined;
  readonly environments: readonly Environment[];
  readonly allowUnmatched: readonly string[];
}

/** Checks all that needs nothing but the inputs. @throws TaskError with the input, the value and what it takes. */
export function checkedInputs(inputs: Inputs): Checked {
  const sources = (['chart', 'manifests', 'kustomization'] as const).filter((name) => inputs[name] !== undefined);
  if (sources.length !== 1) {
    const what = sources.length === 0 ? 'none of them is' : `${sources.join(' and ')} are`;
    throw new TaskError(
      `Give one of the inputs chart, manifests and kustomization, which say what is checked; ${what} set.`,
    );
  }
  const environments = environmentsIn(inputs.environments ?? '');
  if (environments.length > 0 && inputs.chart === undefined) {
    throw new TaskError(
      'Input environments renders a chart with several sets of values; without input chart leave it empty.',
    );
  }
  const namespace = checkedNamespace(given(inputs, 'namespace'));
  if (namespace === undefined) throw new Error('The input namespace is required.');
  const isOfCluster = inputs.policies === 'cluster';
  checkClusterNames(clusterNames(inputs));
  if (!isOfCluster && inputs.cluster !== undefined) {
    throw new TaskError(
      `Input cluster is given, but input policies is ${shown(inputs.policies)}: only the policies of a cluster (policies: cluster) are read from one.`,
    );
  }
  return {
    isOfCluster,
    namespace,
    labels: new Map([[namespace, labelsIn(inputs.namespaceLabels ?? '')]]),
    releaseName: inputs.releaseName === undefined ? undefined : checkRelease(inputs.releaseName, 'Input releaseName'),
    environments: environments.length > 0 ? environments : [{ name: '', files: '' }],
    allowUnmatched: filledLines(inputs.allowUnmatched ?? ''),
  };
}

function environmentsIn(text: string): Environment[] {
  const environments = filledLines(text).map((line) => {
    const [, name, files] = /^([A-Za-z\d][\w .-]{0,63}?)\s*=\s*(\S.*)$/.exec(line) ?? [];
    if (name !== undefined && files !== undefined) return { name, files: files.split(',').join('\n') };
    throw new TaskError(
      `Input environments has the line ${shown(line)}; it takes name=file or name=file, file, such as qa=values-qa.yaml.`,
    );
  });
  const twice = environments.find(({ name }, index) => environments.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw new TaskError(`Input environments names ${shown(twice.name)} twice.`);
  return environments;
}

function labelsIn(text: string): Record<string, string> {
  const labels = filledLines(text).map((line) => {
    const [, name, value] = /^([\w./-]+)=([\w.-]*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [name, value] as const;
    throw new TaskError(
      `Input namespaceLabels has the line ${shown(line)}; it takes name=value, such as environment=production.`,
    );
  });
  return Object.fromEntries(labels);
}
