import type { Input, Task } from './task.ts';

// Rules of the server, the editor and our own, each a function that says what a task breaks, a clause for each fault.

export function badTexts({ friendlyName, description, instanceNameFormat = '', inputs }: Task): string[] {
  const macros = [...instanceNameFormat.matchAll(/\$\((\w+)\)/g)].map((match) => match[1]);
  return [
    ...(friendlyName.length > 0 && friendlyName.length <= 40 ? [] : [`friendlyName '${friendlyName}'`]),
    ...(description.length > 20 ? [] : [`description '${description}'`]),
    ...(instanceNameFormat === '' ? ['no instanceNameFormat'] : []),
    ...macros
      .filter((macro) => !inputs.some(({ name }) => name === macro))
      .map((macro) => `instanceNameFormat names $(${macro}), which is no input`),
    ...inputs
      .filter(({ name, required, defaultValue = '' }) => macros.includes(name) && !required && defaultValue === '')
      .map(({ name }) => `instanceNameFormat names $(${name}), which may be empty`),
  ];
}

/** @param isPacked whether the package holds a file of the task */
export function badHandlers(task: Task, isPacked: (file: string) => boolean): string[] {
  const { execution, postjobexecution = execution } = task;
  return [execution, postjobexecution].flatMap((handlers) => [
    ...['Node20_1', 'Node24'].filter((name) => !(name in handlers)).map((name) => `no handler ${name}`),
    ...Object.values(handlers)
      .filter(({ target }) => !isPacked(target))
      .map(({ target }) => `no ${target}`),
  ]);
}

export function badInputs({ inputs, groups }: Task): string[] {
  const names = inputs.map(({ name }) => name.toLowerCase());
  return inputs.flatMap(({ name, label, helpMarkDown, groupName }, at) => [
    ...(/^[a-z][A-Za-z0-9]*$/.test(name) ? [] : [`the name ${name}`]),
    ...(names.indexOf(name.toLowerCase()) === at ? [] : [`${name} twice`]),
    ...(label ? [] : [`${name} has no label`]),
    ...(helpMarkDown ? [] : [`${name} has no helpMarkDown`]),
    ...(groups.some((group) => group.name === groupName) ? [] : [`${name} is in no group`]),
  ]);
}

export function emptyGroups({ inputs, groups }: Task): string[] {
  return groups.map(({ name }) => name).filter((name) => !inputs.some(({ groupName }) => groupName === name));
}

export function badDefaults(task: Task): string[] {
  return task.inputs
    .filter((input) => !takesItsDefault(input, task))
    .map(({ name, defaultValue }) => `${name} = '${defaultValue}'`);
}

/** A pick list either lists its options, or is filled by a picker and then takes any text. */
function takesItsDefault({ name, type, defaultValue = '', options, properties }: Input, task: Task): boolean {
  if (type === 'boolean') return defaultValue === 'true' || defaultValue === 'false';
  if (type === 'int') return /^\d+$/.test(defaultValue);
  if (type !== 'pickList') return true;
  if (options !== undefined) return defaultValue in options;
  const filled = task.dataSourceBindings?.some(({ target }) => target === name) ?? false;
  return filled && properties?.['EditableOptions'] === 'True';
}

/** Azure gives lists in pages; and where an input names the subscription, it is that one whose resources are listed. */
export function badPickers({ inputs, dataSourceBindings = [] }: Task): string[] {
  const choosesSubscription = inputs.some(({ name }) => name === 'subscriptionId');
  return dataSourceBindings.flatMap((picker) => {
    const [target, url] = [String(picker['target']), String(picker['endpointUrl'])];
    const ofResources = url.includes('/providers/');
    return [
      ...(inputs.some(({ name }) => name === target) ? [] : [`a picker for ${target}, which is no input`]),
      ...(url.includes('{{{skiptoken}}}') && 'callbackRequiredTemplate' in picker
        ? []
        : [`${target} shows one page only`]),
      ...(choosesSubscription && ofResources && !url.includes('{{{subscriptionId}}}')
        ? [`${target} lists another subscription than the chosen one`]
        : []),
    ];
  });
}

/** The editor shows no rule that one of two inputs is wanted, so their labels do. */
export function badChoices({ inputs }: Task): string[] {
  const names = new Set(inputs.map(({ name }) => name));
  // Where a task has a connection for the registry alone, the other one is the cluster's.
  const azure = names.has('registryConnection') ? 'registryConnection' : 'azureSubscription';
  if (!names.has(azure) || !names.has('containerRegistry')) return [];
  return inputs
    .filter(({ name }) => name === azure || name === 'containerRegistry')
    .filter(({ label = '' }) => !/\((exactly|at most) one of the two connections\)$/.test(label))
    .map(({ name, label }) => `${name} has the label '${label}'`);
}

/** A name such as `image_*` stands for a family of outputs, which the task's page describes. */
export function badOutputs({ outputVariables, restrictions }: Task): string[] {
  const names = outputVariables.map(({ name }) => name);
  // PATH and those of a kubeconfig and of logins are no outputs, but what programs of later steps look for.
  const ofLogins = ['DOCKER_CONFIG', 'HELM_REGISTRY_CONFIG', 'REGISTRY_AUTH_FILE'];
  const ofPrograms = ['PATH', 'KUBECONFIG', 'KUBE_CONFIG_PATH', ...ofLogins];
  const allowed = restrictions?.settableVariables?.allowed?.filter(
    (name) => !name.endsWith('_*') && !ofPrograms.includes(name),
  );
  return [
    ...(names.length > 0 ? [] : ['no outputs']),
    ...outputVariables.filter(({ description }) => !description).map(({ name }) => `${name} has no description`),
    ...(names.join() === allowed?.join() ? [] : [`settableVariables are ${allowed?.join() ?? 'not restricted'}`]),
  ];
}
