import { ArchiveFault } from '../../archive/tar-format.ts';
import { shown } from '../../text/shown.ts';

/** Device names of Windows, which also mean the device with any extension. */
const windowsDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/** Longest name of one file or folder on common file systems, and a bound for whole names, in bytes. */
const [longestPart, longestName] = [255, 1024];

/** Told a name that only Windows cannot have, and why, as `has the name of a device on Windows`. */
export type OnWindowsName = (name: string, reason: string) => void;

/**
 * The parts of the name of an archive's entry, which must mean the same file below the same folder everywhere.
 * @param onWindowsName takes names that only Windows minds; without it they are refused
 * @throws ArchiveFault when it leads elsewhere, on Linux, macOS or Windows
 */
export function entryNameParts(name: string, onWindowsName?: OnWindowsName): string[] {
  const parts = name.split('/');
  const fault = nameFault(name) ?? firstOf(parts, partFault);
  if (fault !== undefined) throw new ArchiveFault(`holds ${shown(name)}, which ${fault}`);
  const windows = firstOf(parts, windowsFault);
  if (windows === undefined) return parts;
  if (onWindowsName === undefined) throw new ArchiveFault(`holds ${shown(name)}, which ${windows}`);
  onWindowsName(name, windows);
  return parts;
}

function firstOf(parts: readonly string[], faultOf: (part: string) => string | undefined): string | undefined {
  return parts.map(faultOf).find((fault) => fault !== undefined);
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'is an empty name';
  if (name.startsWith('/')) return 'is an absolute path';
  if (/^[a-z]:/i.test(name)) return 'starts with a drive letter';
  if (name.includes('\\')) return 'has a backslash, which separates folders on Windows';
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'has a control character';
  if (Buffer.byteLength(name) > longestName) return `is longer than ${longestName} bytes`;
  return undefined;
}

function partFault(part: string): string | undefined {
  if (part === '') return 'has an empty part';
  if (part === '.' || part === '..') return `has the part "${part}"`;
  if (Buffer.byteLength(part) > longestPart) return `has a part longer than ${longestPart} bytes`;
  return undefined;
}

function windowsFault(part: string): string | undefined {
  if (part.includes(':')) return 'has a colon, which Windows reads as a drive or a hidden stream';
  if (/[. ]$/.test(part)) return 'has a part that ends in a dot or a space, which Windows drops';
  if (windowsDevice.test(part)) return 'has the name of a device on Windows';
  return undefined;
}

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
