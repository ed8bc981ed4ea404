/** The part of a Kubernetes object that every kind has. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Which objects are asked for; all namespaces and all labels when absent. */
export interface Selection {
  readonly kind: string;
  readonly namespace?: string | undefined;
  /** In the form of a query, equality only: `owner=helm,name=web`. */
  readonly labels?: string | undefined;
}

/** The objects in one cluster. */
export class Objects {
  readonly #all: KubernetesObject[] = ['default', 'kube-system'].map((name) => ({
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    status: { phase: 'Active' },
  }));

  add(...objects: readonly KubernetesObject[]): void {
    this.#all.push(...objects);
  }

  list({ kind, namespace, labels = '' }: Selection): KubernetesObject[] {
    const wanted = [...new URLSearchParams(labels.replaceAll(',', '&'))];
    return this.#all.filter(
      (object) =>
        object.kind === kind &&
        (namespace === undefined || object.metadata.namespace === namespace) &&
        wanted.every(([name, value]) => object.metadata.labels?.[name] === value),
    );
  }

  find(selection: Selection, name: string): KubernetesObject | undefined {
    return this.list(selection).find(({ metadata }) => metadata.name === name);
  }
}
