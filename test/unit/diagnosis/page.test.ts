import assert from 'node:assert/strict';
import { diagnosisPage } from '../../../tasks/common/diagnosis/page.ts';
import type { RolloutFacts } from '../../../tasks/common/diagnosis/report.ts';
import { learnSecret } from '../../../tasks/common/text/shown.ts';
import { evidence, finding, hostile, log, object, report, status } from './reports.ts';
import { samples } from './samples.ts';

const page = (facts: RolloutFacts): string => diagnosisPage(facts, { namespace: 'shop-qa', advice: '' });

/** A page as a reader of Markdown takes it: what stands outside of code, and the blocks of code by the heading before. */
function read(markdown: string): { outside: string; blocks: string[] } {
  const [outside, blocks]: [string[], string[]] = [[], []];
  let fence = '';
  for (const each of markdown.split('\n')) {
    const isFence = fence === '' ? /^`{3,}$/.test(each) : each === fence;
    if (isFence) fence = fence === '' ? each : '';
    if (isFence && fence !== '') blocks.push('');
    if (isFence) continue;
    if (fence === '') outside.push(each);
    else blocks.push(`${blocks.pop()}${each}\n`);
  }
  assert.equal(fence, '', 'a block of code does not end');
  return { outside: outside.join('\n'), blocks };
}

/** Without the signs that Markdown and HTML show as they are. */
const marks = (outside: string): string => outside.replaceAll(/\\[!-/:-@[-`{-~]|&#\d+;/g, '');
const plain = (outside: string): string =>
  outside
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
const headings = (outside: string): string[] => [...outside.matchAll(/^### (.+)$/gm)].map(([, title = '']) => title);

describe('The page of a diagnosis', () => {
  for (const [name, sample] of Object.entries(samples)) {
    it(`says of ${name} how it stood, why, what to do and where to see more`, () => {
      const { outside, blocks } = read(page(sample));
      const { findings, unexplained } = sample.diagnosis;
      for (const { object: seen } of sample.statuses)
        assert.ok(plain(outside).includes(`| ${seen.kind} ${seen.name} |`));
      const places = findings.flatMap(({ what, fix }) => [what, fix].map((text) => plain(outside).indexOf(text)));
      assert.ok(places.every((place) => place > 0));
      assert.deepEqual(
        places,
        places.toSorted((one, other) => one - other),
      );
      for (const { command } of findings) assert.ok(blocks.includes(`${command}\n`), command);
      for (const { evidence: said } of [...findings, ...unexplained]) {
        for (const each of said) assert.ok(blocks.includes(`${each.said}\n`), each.said);
      }
      assert.equal(headings(outside).includes('No known cause'), findings.length === 0);
    });
  }

  it('has the state first, then cause and fix, and folds the rest away', () => {
    const { outside, blocks } = read(
      page(
        report(samples['a container that crashes']?.diagnosis ?? {}, {
          logs: [log(['Starting', 'FATAL'])],
          blind: ['Nodes may not be listed.'],
        }),
      ),
    );
    assert.deepEqual(headings(outside), ['When it failed', 'Why, and what to do']);
    const folds = [...plain(outside).matchAll(/^<details><summary>(.+)<\/summary>$/gm)].map(([, title]) => title);
    assert.deepEqual(folds, [
      'Evidence (container-crashes, the same on 2 objects)',
      'Timeline',
      'Log of Pod shop-7d4b9c-x2k4p, container web before its restart, the last lines',
      'What could not be seen',
    ]);
    assert.equal(outside.match(/^<\/details>$/gm)?.length, 4);
    assert.deepEqual(blocks.slice(-2), [
      '09:30:02Z  Deployment shop: 0 of 2 pods; 2 pods are starting\n',
      'Starting\nFATAL\n',
    ]);
  });

  it('shows what is not ready before what is', () => {
    const { outside } = read(page(samples['several causes at once'] ?? report({})));
    const rows = [...plain(outside).matchAll(/^\| (\w+ [\w-]+) \| (.*?) \| (.*?) \|$/gm)].map(([, ...cells]) => cells);
    assert.deepEqual(rows, [
      ['Job shop-report', 'no', 'failed: DeadlineExceeded (nothing waits for it)'],
      ['Service shop', 'no', 'no address of a load balancer yet'],
      ['Deployment shop', '2 of 3', 'pods are refused (FailedCreate)'],
      ['StatefulSet shop-db', '1 of 1', ''],
    ]);
    assert.match(plain(outside), /^\*\*1\. ResourceQuota 'compute'[^]*^\*\*2\. Deployment[^]*^\*\*3\. Container/m);
  });

  it('tells what fits no cause as it is, and how to see more of what is not ready', () => {
    const open = read(page(samples['no known cause'] ?? report({})));
    assert.deepEqual(headings(open.outside), ['When it failed', 'No known cause']);
    assert.match(open.blocks[0] ?? '', /^FailedPostStartHook: /);
    assert.equal(open.blocks[1], 'kubectl describe deployment shop --namespace shop-qa\n');
    const nothing = read(page(samples['nothing that the cluster says'] ?? report({})));
    assert.equal(nothing.blocks[0], 'kubectl describe deployment shop --namespace shop-qa\n');
    const blind = read(page(samples['a roll-out that nobody could watch'] ?? report({})));
    assert.equal(blind.blocks[0], 'kubectl get pods,events --namespace shop-qa\n');
  });

  it('takes nothing that the cluster says for Markdown, HTML or a command of the agent', () => {
    const nasty = object(hostile, hostile, hostile);
    const said = evidence(nasty, hostile, hostile, 3);
    const bad = finding('image-not-found', 'image', { what: hostile, fix: hostile, command: hostile, owner: nasty });
    const markdown = page({
      diagnosis: {
        findings: [{ ...bad, evidence: [said, evidence(nasty, hostile, hostile, 4)] }, bad],
        unexplained: [{ owner: nasty, evidence: [said] }],
      },
      statuses: [status(nasty, hostile), status(nasty, '')],
      timeline: [{ at: new Date(), line: hostile }],
      logs: [{ ...log([hostile, '```', '`````', '</details>']), pod: nasty, container: hostile }],
      blind: [hostile],
    });
    const { outside, blocks } = read(markdown);
    // Two commands and three pieces of evidence, what fits no cause and its command, the timeline, the log.
    assert.equal(blocks.length, 9);
    const ours = marks(outside)
      .replaceAll(/^<details><summary>[^<>]*<\/summary>$|^<\/details>$/gm, '')
      .replaceAll(/^(?:### |- |\| --- .*$)/gm, '');
    assert.doesNotMatch(ours, /[`<>[\]#@!$~_]|:\/|:::|^\s*(?:[-+]|\d+\.) /m);
    assert.equal(ours.split('**').length % 2, 1);
    assert.equal(outside.match(/^<details>/gm)?.length, outside.match(/^<\/details>/gm)?.length);
    assert.doesNotMatch(markdown, /##vso\[|##\[/);
    assert.doesNotMatch(markdown, /[\p{Cs}\u202e\u2028]|(?!\n)\p{Cc}/u);
    for (const block of blocks) assert.doesNotMatch(block, /<\/?(?:details|summary)/i);
    const widths = outside
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replaceAll(/\\./g, '').split('|').length);
    assert.deepEqual([...new Set(widths)], [5]);
  });

  it('has less than 100 kB, whatever the cluster says, and the first cause in any case', () => {
    for (const long of ['深'.repeat(4000), '`'.repeat(4000), '\u202e|'.repeat(4000), 'line\n'.repeat(200_000)]) {
      const nasty = object(long, long, long);
      const said = evidence(nasty, long, long, 3);
      const bad = finding('image-not-found', 'image', {
        what: `first ${long}`,
        fix: long,
        command: long,
        owner: nasty,
      });
      const few = long.length > 500_000 ? 1 : 60;
      const many = <Item>(item: Item): Item[] => Array.from({ length: few }, () => item);
      const markdown = page({
        diagnosis: {
          findings: many({ ...bad, evidence: [said, said, said, said] }),
          unexplained: many({ owner: nasty, evidence: [said, said] }),
        },
        statuses: many(status(nasty, long)),
        timeline: many({ at: new Date(), line: long }),
        logs: many({ ...log(many(long)), pod: nasty }),
        blind: many(long),
      });
      const size = Buffer.byteLength(markdown);
      assert.ok(size < 90_000, `${size} bytes of ${long.slice(0, 3)}`);
      assert.match(read(markdown).outside, /^\*\*(?:1\\\. )?first /m);
    }
  });

  it('takes ten megabytes of one text', () => {
    const huge = 'x`\n'.repeat(3_500_000);
    const bad = finding('image-not-found', 'image', { what: huge, fix: 'Push it.' });
    const markdown = page(report({ findings: [bad] }, { logs: [log([huge])] }));
    assert.ok(Buffer.byteLength(markdown) < 20_000);
    assert.match(read(markdown).outside, /^What to do: Push it\\\.$/m);
  });

  it('counts what it has no room for', () => {
    const many = Array.from({ length: 40 }, (_each, index) =>
      status(object('Deployment', `shop-${index}`), index < 30 ? 'no' : ''),
    );
    const { outside } = read(page(report({}, { statuses: many })));
    assert.match(outside, /^And 15 more objects, 10 of them ready\.$/m);
  });

  it('has no secret, not even a part of one that stands where a text is cut', () => {
    const secret = 'Hx8-password  | of the page';
    learnSecret(secret);
    for (const length of [0, 180, 195, 230, 395, 590, 598, 700]) {
      const text = `${'x'.repeat(length)}${secret}`;
      const named = object('Pod', text);
      const said = evidence(named, text, text);
      const markdown = page({
        diagnosis: {
          findings: [{ ...finding('x', 'image', { what: text, fix: text, command: text }), evidence: [said] }],
          unexplained: [{ owner: named, evidence: [said] }],
        },
        statuses: [status(named, text)],
        timeline: [{ at: new Date(), line: text }],
        logs: [{ ...log([text]), pod: named, container: text }],
        blind: [text],
      });
      assert.doesNotMatch(markdown, /Hx|of the page/, `after ${length} characters`);
    }
  });
});
