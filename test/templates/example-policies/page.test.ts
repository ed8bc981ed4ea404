import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { askGator, askKyverno, policiesFolder } from './engines.ts';
import { badPods, changed, goodPod, type Fields } from './pods.ts';

const page = readFileSync(path.resolve(policiesFolder, '../../../docs/policies.md'), 'utf8');

/** The YAML on the page that is an object of this kind. */
function exampleOf(kind: string): string {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  const found = blocks.find((text) => text.includes(`kind: ${kind}\n`));
  assert.ok(found !== undefined, `docs/policies.md has no ${kind}`);
  return found;
}

/** What an engine's policies of a standard say of themselves, by the rule. */
function sentencesOf(engine: string, standard: string, annotation: string): Map<string, string> {
  const folder = path.join(policiesFolder, engine, standard);
  return new Map(
    readdirSync(folder).map((file) => {
      const { metadata } = parse(readFileSync(path.join(folder, file), 'utf8')) as {
        metadata: { name: string; annotations: Record<string, string> };
      };
      const rule = path.basename(file, '.yaml');
      assert.equal(metadata.name, `${standard}-${rule}`);
      return [rule, metadata.annotations[annotation] ?? ''];
    }),
  );
}

/** A pod with a folder of its node, by the name and in the namespace of the examples on the page. */
function collector(name: string, folderOfNode: string): Fields {
  const spec = {
    volumes: [{ name: 'logs', emptyDir: null, hostPath: { path: folderOfNode } }],
    containers: [{ volumeMounts: [{ name: 'logs', mountPath: '/logs', readOnly: true }] }],
  };
  return changed(goodPod, { metadata: { name }, spec }) as Fields;
}

describe('docs/policies.md', () => {
  for (const standard of Object.keys(badPods)) {
    it(`says of each rule of ${standard} what the policies of both engines say`, () => {
      const written = new Map(
        [...page.matchAll(/^\| \[([\w-]+)\]\(\S*\/kyverno\/(\w+)\/\S+\) \| (.+?) \| /gm)]
          .filter(([, , of]) => of === standard)
          .map(([, rule = '', , sentence = '']) => [rule, sentence]),
      );
      assert.deepEqual(written, sentencesOf('kyverno', standard, 'policies.kyverno.io/description'));
      assert.deepEqual(written, sentencesOf('gatekeeper', standard, 'description'));
    });
  }

  it('has an exception for kyverno that is one for its object alone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'exception-'));
    try {
      const exception = path.join(folder, 'exception.yaml');
      writeFileSync(exception, exampleOf('PolicyException'));
      const policies = [path.join(policiesFolder, 'kyverno/baseline'), '--exception', exception];
      const pods = [collector('log-collector', '/var/log'), collector('another', '/var/log')];
      assert.deepEqual([...(await askKyverno(policies, pods))], [['another', ['baseline-host-path-volumes']]]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has a constraint for gator that allows its folder alone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'constraint-'));
    try {
      const constraint = path.join(folder, 'constraint.yaml');
      writeFileSync(constraint, exampleOf('PodHostPathVolumes'));
      const policies = [path.join(policiesFolder, 'gatekeeper/templates'), constraint];
      const pods = [collector('log-collector', '/var/log/pods'), collector('another', '/var/log')];
      assert.deepEqual([...(await askGator(policies, pods))], [['another', ['baseline-host-path-volumes']]]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
