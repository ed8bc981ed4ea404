import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFiles } from '../../../tasks/common/task/find-files.ts';
import { log } from '../../../tasks/common/task/log.ts';
import type { Secret } from '../../../tasks/common/task/secrets.ts';
import type { PathValue } from '../../../tasks/common/values/path.ts';
import { writeValues, type WrittenValues } from '../../../tasks/common/values/write-values.ts';

/** A chart whose only object holds all values that helm gives to templates, as JSON in base64. */
const chart: Readonly<Record<string, string>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: printed\nversion: 1.0.0\n',
  'chart/templates/all.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: all\ndata:\n  all: {{ .Values | toJson | b64enc }}\n' +
    '  number: {{ .Values.number | quote }}\n',
};

/** What a test gives to writeValues; what it leaves out is empty. */
export interface TestSources {
  readonly files?: readonly string[];
  readonly values?: string;
  readonly images?: readonly PathValue[];
  readonly set?: string;
  readonly setString?: string;
  readonly setFile?: string;
  readonly setSecret?: string;
  readonly secrets?: readonly Secret[];
}

/** A folder with that chart, where values are written. */
export class ValuesBench {
  readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'values-')));
  readonly warnings: string[] = [];
  readonly learned: string[] = [];
  readonly context = {
    log: { ...log, warning: (text: string) => void this.warnings.push(text) },
    maskSecret: (secret: string) => void this.learned.push(secret),
    signal: new AbortController().signal,
    variable: (name: string) => (name === 'System.DefaultWorkingDirectory' ? this.root : undefined),
    findFiles: (patterns: readonly string[]) =>
      findFiles(
        patterns.map((pattern) => path.resolve(this.root, pattern)),
        this.context.signal,
      ),
  };

  constructor() {
    for (const [name, text] of Object.entries(chart)) this.put(name, text);
  }

  put(name: string, content: string | Uint8Array): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  write({ files = [], images = [], secrets = [], values, ...lines }: TestSources): Promise<WrittenValues> {
    const given = (input: 'set' | 'setString' | 'setFile' | 'setSecret') => ({ input, value: lines[input] });
    return writeValues(
      {
        files,
        images,
        secrets,
        yaml: { input: 'values', value: values },
        set: given('set'),
        setString: given('setString'),
        setFile: given('setFile'),
        setSecret: given('setSecret'),
      },
      this.root,
      this.context,
    );
  }

  /** The values that a template sees, by `helm template` with these files. @param change of the chart's own values */
  async seenBy(helm: string, files: readonly string[], ...more: readonly string[]): Promise<unknown> {
    return JSON.parse((await this.#printed(helm, files, more)).all);
  }

  /** The value `number` as a template prints it. */
  async numberSeenBy(helm: string, files: readonly string[], ...more: readonly string[]): Promise<string> {
    return (await this.#printed(helm, files, more)).number;
  }

  async #printed(
    helm: string,
    files: readonly string[],
    more: readonly string[],
  ): Promise<{ all: string; number: string }> {
    const args = ['template', 'printed', path.join(this.root, 'chart'), ...files.flatMap((file) => ['--values', file])];
    const { stdout } = await promisify(execFile)(helm, [...args, ...more], { maxBuffer: 32 * 1024 * 1024 });
    const [, all = ''] = /^ {2}all: (\S+)$/m.exec(stdout) ?? [];
    const [, number = ''] = /^ {2}number: "(.*)"$/m.exec(stdout) ?? [];
    return { all: Buffer.from(all, 'base64').toString(), number };
  }

  close(): void {
    rmSync(this.root, { recursive: true });
  }
}
