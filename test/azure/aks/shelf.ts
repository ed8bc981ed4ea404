import type { KubernetesObject } from './objects.ts';

/** The objects of one kind in the order of their keys, so that a list of a few among thousands costs little. */
export class Shelf {
  readonly #keys: string[] = [];
  readonly #objects: KubernetesObject[] = [];

  get objects(): readonly KubernetesObject[] {
    return this.#objects;
  }

  put(key: string, object: KubernetesObject): void {
    const index = this.#placeOf(key);
    const isNew = this.#keys[index] !== key;
    if (isNew) this.#keys.splice(index, 0, key);
    this.#objects.splice(index, isNew ? 0 : 1, object);
  }

  remove(key: string): void {
    const index = this.#placeOf(key);
    if (this.#keys[index] !== key) return;
    this.#keys.splice(index, 1);
    this.#objects.splice(index, 1);
  }

  /** Where a key stands, or would stand. */
  #placeOf(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
