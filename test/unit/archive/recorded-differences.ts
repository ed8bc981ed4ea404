import {
  magics,
  rawBlock,
  rawPax,
  setField,
  tarOfBlocks,
  type Checksum,
  type Field,
  type RawBlock,
} from './raw-tar.ts';

/** An archive that programs read differently, or not at all. */
export interface Difference {
  readonly what: string;
  /** The tar inside. */
  readonly archive: Buffer;
  /** Why we refuse it. */
  readonly reason: RegExp;
  /** What Go's archive/tar (1.26) makes of it: the files that Helm would see, or `refused`. */
  readonly go: string;
}

const chart = rawBlock({ name: 'app/Chart.yaml' }, 'apiVersion: v2\nname: app\nversion: 1.2.3\n');

function of(what: string, blocks: readonly RawBlock[], reason: RegExp, go: string, checksum?: Checksum): Difference {
  return { what, archive: tarOfBlocks([chart, ...blocks], checksum), reason, go };
}

/** A file `app/a` with one field more. */
function file(values: Partial<Record<Field, string>>, body = 'a'): RawBlock {
  return rawBlock({ name: 'app/a', ...values }, body);
}

const star = file({ prefix: 'app/templates' });
setField(star.header, 'trailer', 'tar\0');
setField(star.header, 'starAtime', '00000000000 00000000000 ');

const starPrefix = rawBlock({ name: 'a', prefix: `app/${'p'.repeat(127)}` }, 'a');
setField(starPrefix.header, 'starAtime', '/t/../../../');
setField(starPrefix.header, 'trailer', 'tar\0');

const seen = 'app/Chart.yaml';
const [impossible, malformed] = [/impossible number/, /pax header is malformed/];

export const differences: readonly Difference[] = [
  of('a header of star', [star], /header of the program star/, `${seen} app/templates/app/a`),
  of('a header of star with a longer prefix', [starPrefix], /header of the program star/, 'refused'),
  of(
    'a global header between an extended header and its file',
    [rawPax([['path', 'app/pax']]), rawPax([['comment', 'x']], 'g'), file({})],
    /global pax header stands between/,
    `${seen} app/a`,
  ),
  of(
    'a global header between a long name and its file',
    [rawBlock({ name: '././@LongLink', type: 'L' }, 'app/long\0'), rawPax([['comment', 'x']], 'g'), file({})],
    /global pax header stands between/,
    `${seen} app/a`,
  ),
  of(
    'a GNU header whose time is no number',
    [rawBlock({ name: 'a', magic: magics.gnu, prefix: 'app/templates' }, 'a')],
    impossible,
    `${seen} app/templates/a`,
  ),
  of('a GNU header whose other time is none', [file({ magic: magics.gnu, ctime: 'x' })], impossible, `${seen} app/a`),
  of('a file with the mode of a folder', [file({ mode: '0040755' })], /mode says that it is something/, seen),
  of('a file with the mode of a link', [file({ mode: '0120777' })], /mode says that it is something/, `${seen} app/a`),
  of('a user that is no number', [file({ uid: 'abc' })], impossible, 'refused'),
  of('a group that is no number', [file({ gid: '9' })], impossible, 'refused'),
  of('a mode that is no number', [file({ mode: 'rw-r--r' })], impossible, 'refused'),
  of('a device that is no number', [file({ devminor: 'x' })], impossible, 'refused'),
  of('a negative size of an extended header', [rawBlock({ name: 'x', type: 'x', size: '\xff'.repeat(12) })], /impossible size/, 'refused'),
  of('a checksum in base 256', [file({})], impossible, 'refused', 'base-256'),
  of('a pax user that is no number', [rawPax([['uid', 'x']]), file({})], /impossible user/, 'refused'),
  of('a pax time that is no number', [rawPax([['atime', '1.x']]), file({})], /impossible time/, 'refused'),
  of('a pax record without a key', [rawPax([['', 'long enough']]), file({})], malformed, 'refused'),
  of('a pax record with a NUL in its key', [rawPax([['a\0b', 'c']]), file({})], malformed, 'refused'),
  of('a pax user name with a NUL', [rawPax([['uname', 'a\0b']]), file({})], malformed, 'refused'),
  of('a pax header that says the same twice', [rawPax([['path', 'app/x'], ['path', 'app/y']]), file({})], /says the same twice/, `${seen} app/y`),
  of('names in a character set of their own', [rawPax([['hdrcharset', 'BINARY']]), file({})], /character set/, `${seen} app/a`),
  { ...of('an end of one block and a half', [], /tar stream ends early/, 'refused'), archive: tarOfBlocks([chart], 'unsigned', 700) },
]; // prettier-ignore
