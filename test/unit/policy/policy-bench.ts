import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineContext } from '../../../tasks/common/policy/engine.ts';
import { gator } from '../../../tasks/common/policy/gatekeeper/gator.ts';
import { gatekeeperPolicies } from '../../../tasks/common/policy/gatekeeper/policies.ts';
import { judge, type PolicyResult } from '../../../tasks/common/policy/judge.ts';
import { kyverno } from '../../../tasks/common/policy/kyverno/kyverno.ts';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import { documentsIn } from '../../../tasks/common/policy/manifest.ts';
import type { NamespaceLabels } from '../../../tasks/common/policy/namespaces.ts';
import { objectName } from '../../../tasks/common/policy/objects.ts';
import { exec } from '../../../tasks/common/task/exec.ts';
import { realProgram } from '../../real/index.ts';
import { objectsIn } from './objects-in.ts';

/** What the real engines say of policies and objects that are given as texts. */
export class PolicyBench {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'policies-'));
  readonly context: EngineContext = {
    exec: (program, args, options) => exec(program, args, { cwd: this.#folder, ...options }),
    privateFolder: () => this.#folder,
    signal: new AbortController().signal,
  };

  /** @param policies a file each */
  async kyverno(
    policies: readonly string[],
    objects: string,
    labels: NamespaceLabels = new Map(),
  ): Promise<PolicyResult[]> {
    const set = kyvernoPolicies(documents(policies));
    const engine = kyverno(await realProgram('kyverno'), set, labels, this.context);
    return judge(set.policies, objectsIn(objects), engine, { ...this.context, log: silent });
  }

  async gator(
    policies: readonly string[],
    objects: string,
    labels: NamespaceLabels = new Map(),
  ): Promise<PolicyResult[]> {
    const set = gatekeeperPolicies(documents(policies));
    const engine = gator(await realProgram('gator'), set, labels, this.context);
    return judge(set.policies, objectsIn(objects), engine, { ...this.context, log: silent });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** The results in lines: `name: state`, then the verdicts below, without their messages. */
export function told(results: readonly PolicyResult[]): string[] {
  return results.flatMap(({ policy, state, verdicts }) => [
    `${policy.name}: ${state}`,
    ...verdicts
      .map(({ rule, object, result }) => `  ${rule === '' ? '' : `${rule} `}${result} ${objectName(object)}`)
      .sort(),
  ]);
}

export const documents = (files: readonly string[]): ReturnType<typeof documentsIn> =>
  files.flatMap((text, index) => documentsIn(text, `policies/${index}.yaml`));

const silent = { info() {}, warning() {}, error() {}, debug() {}, progress() {} };
