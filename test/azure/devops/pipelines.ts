/** A pipeline of the project. */
export interface PlayedPipeline {
  readonly id: number;
  readonly name: string;
  /** Its folder, such as `\team`; `\` is the root. */
  readonly path: string;
}

/** The pipelines of the project. */
export class Pipelines {
  readonly #all: PlayedPipeline[] = [];

  get all(): readonly PlayedPipeline[] {
    return this.#all;
  }

  /** Adds one, also where another folder has one of the name. */
  add(name: string, path = '\\'): PlayedPipeline {
    const pipeline = { id: this.#all.length + 1, name, path };
    this.#all.push(pipeline);
    return pipeline;
  }

  /** The first of a name, which is made where there is none: runs name their pipelines without folders. */
  named(name: string): PlayedPipeline {
    return this.find(name) ?? this.add(name);
  }

  /** Names have no case. */
  find(name: string): PlayedPipeline | undefined {
    return this.#all.find((each) => each.name.toLowerCase() === name.toLowerCase());
  }
}
