import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { askGator, askKyverno, policiesFolder, type Refusals } from './engines.ts';
import { badPods, changed, goodPod, standards, type Fields, type Standard } from './pods.ts';

const rulesIn = (folder: string): string[] =>
  readdirSync(path.join(policiesFolder, folder))
    .map((file) => path.basename(file, '.yaml'))
    .sort();

/** A pod for each of the changes, by the rule and a number: `host-ports-0`. */
const named = (rule: string, changes: readonly Fields[]): Fields[] =>
  changes.map((change, at) => changed(changed(goodPod, change), { metadata: { name: `${rule}-${at}` } }) as Fields);

const podsOf = (standard: Standard): Fields[] =>
  Object.entries(badPods[standard]).flatMap(([rule, changes]) => named(rule, changes));

/** The same pods as templates of what makes pods. */
function asTemplates(pods: readonly Fields[]): Fields[] {
  return pods.map(({ metadata, spec }) => {
    const { name, ...others } = metadata as Fields;
    const template = { metadata: others, spec };
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { template } };
  });
}

for (const [standard, contained] of Object.entries(standards) as [Standard, readonly Standard[]][]) {
  const kyverno = contained.map((each) => path.join(policiesFolder, 'kyverno', each));
  const gatekeeper = ['templates', ...contained].map((each) => path.join(policiesFolder, 'gatekeeper', each));
  const pods = [goodPod, ...podsOf(standard)];
  const engines: readonly [string, () => Promise<Refusals>][] = [
    ['kyverno', () => askKyverno(kyverno, pods)],
    ['kyverno, in Deployments', () => askKyverno(kyverno, asTemplates(pods))],
    ['gator', () => askGator(gatekeeper, pods)],
  ];
  for (const [engine, ask] of engines) {
    describe(`The example policies of the standard ${standard}, by ${engine}`, () => {
      let refusals: Refusals;
      before(async () => {
        refusals = await ask();
      });

      it('let a pod pass that keeps to it', () => {
        assert.deepEqual(refusals.get('good'), undefined);
      });

      for (const [rule, changes] of Object.entries(badPods[standard])) {
        it(`refuse by ${rule}, and by no other rule, a pod that breaks it`, () => {
          for (const at of changes.keys()) {
            assert.deepEqual(refusals.get(`${rule}-${at}`), [`${standard}-${rule}`], `${rule}-${at}`);
          }
        });
      }
    });
  }
}

describe('The example policies', () => {
  for (const [standard, pods] of Object.entries(badPods)) {
    it(`of the standard ${standard} are the same rules for both engines, each with a pod that it must refuse`, () => {
      const rules = Object.keys(pods).sort();
      assert.deepEqual(rulesIn(`kyverno/${standard}`), rules);
      assert.deepEqual(rulesIn(`gatekeeper/${standard}`), rules);
    });
  }
});
