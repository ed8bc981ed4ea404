import { ArchiveFault } from '../archive/index.ts';
import { shown } from './shown.ts';

interface Node {
  name: string;
  isFile: boolean;
  /** True once the archive lists the folder itself, not only files in it. */
  listed: boolean;
  children: Map<string, Node>;
}

/**
 * The names in an archive, as file systems that ignore case (Windows, macOS) and Unicode form (macOS) see them. A tree
 * holds each part of a name once, so its memory stays bounded by the number of nodes.
 */
export class NameTree {
  readonly #root = new Map<string, Node>();
  readonly #most: number;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws ArchiveFault for a duplicate, a clash, or more than the allowed number of files and folders */
  add(parts: readonly string[], isFile: boolean): void {
    let siblings = this.#root;
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      const node = this.#nodeIn(siblings, part, parts, isLast && isFile);
      if (isLast) {
        if (node.listed) throw new ArchiveFault(`holds ${shown(parts.join('/'))} twice`);
        node.listed = true;
      }
      siblings = node.children;
    }
  }

  #nodeIn(siblings: Map<string, Node>, part: string, parts: readonly string[], isFile: boolean): Node {
    const key = part.normalize('NFC').toLowerCase();
    const known = siblings.get(key);
    if (known === undefined) {
      this.#count += 1;
      if (this.#count > this.#most) throw new ArchiveFault(`holds more than ${this.#most} files and folders`);
      const node = { name: part, isFile, listed: false, children: new Map<string, Node>() };
      siblings.set(key, node);
      return node;
    }
    const whole = shown(parts.join('/'));
    if (known.name !== part) {
      throw new ArchiveFault(
        `holds ${whole} and a name with ${shown(known.name)}, which are one file on Windows and macOS`,
      );
    }
    if (known.isFile !== isFile)
      throw new ArchiveFault(`holds ${whole} where it also holds a file or folder of that name`);
    return known;
  }
}
