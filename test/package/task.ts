import { textOf, type Packed } from './packed.ts';

export interface Input {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
  readonly helpMarkDown?: string;
  readonly groupName?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

type Handlers = Readonly<Record<string, { readonly target: string }>>;

/** task.json as it is packed; what may be missing by mistake is optional. */
export interface Task {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly helpMarkDown: string;
  readonly category: string;
  readonly version: Readonly<Record<string, number>>;
  readonly minimumAgentVersion?: string;
  readonly instanceNameFormat?: string;
  readonly groups: readonly { readonly name: string; readonly displayName: string }[];
  readonly inputs: readonly Input[];
  readonly dataSourceBindings?: readonly Readonly<Record<string, unknown>>[];
  readonly outputVariables: readonly { readonly name: string; readonly description?: string }[];
  readonly restrictions?: { readonly settableVariables?: { readonly allowed?: readonly string[] } };
  readonly execution: Handlers;
  readonly postjobexecution?: Handlers;
}

export function taskIn(packed: Packed, name: string): Task {
  return JSON.parse(textOf(packed, `tasks/${name}/task.json`)) as Task;
}
