import assert from 'node:assert/strict';
import { pageOf, type PageFacts } from '../../../tasks/HelmReleaseDeploy/page.ts';
import { finding, hostile as nasty, report, status, object } from '../diagnosis/reports.ts';

/** All marks of Markdown and HTML, and what Azure DevOps and GitHub make links, images and formulas of. */
const hostile =
  'x\n\n# h\n1. one\n- two\n<img src=x onerror=y> [a](javascript:b) ![i](https://evil.example/i.png) https://evil.example ' +
  'www.evil.example me@evil.example @me #12 !7 AB#9 $x$ `c` **b** ~~s~~ | cell | &lt; :::mermaid';

describe('The page of a roll-out', () => {
  it('shows what charts, clusters and people wrote as it stands, and none of it as Markdown', () => {
    const revision = {
      number: 1,
      status: hostile,
      createdAt: undefined,
      modifiedAt: undefined,
      record: { uid: '', resourceVersion: '' },
      isKnownBad: false,
      secretName: '',
    };
    const labels = {
      ciProject: undefined,
      ciPipeline: undefined,
      ciRun: hostile,
      deployRun: hostile,
      commit: undefined,
      digest: hostile,
      approver: undefined,
    };
    const { title, markdown } = pageOf(
      {
        release: { name: 'web', namespace: 'shop' },
        cluster: { access: { cluster: hostile } },
        isKnown: true,
        facts: undefined,
        end: {
          failed: true,
          message: hostile,
          before: { ...revision, labels },
          after: undefined,
          done: [`${hostile} done`],
        },
        chart: { name: 'web', version: hostile, reference: hostile },
        images: [{ workload: hostile, container: hostile, image: hostile }],
        handoff: undefined,
        approvers: [],
      },
      { variable: () => hostile },
    );
    assert.match(title, /^[A-Za-z0-9 -]+$/);
    // Our own words and tables, without all that is escaped.
    const marks = markdown.replaceAll(/\\[!-/:-@[-`{-~]/g, '');
    assert.doesNotMatch(marks, /[`<>[\]#@!$~&_]|:\/|:\w/);
    assert.equal(marks.split('**').length, 3);
    const rows = marks.split('\n').filter((line) => line.startsWith('|'));
    const widths = rows.map((line) => line.split('|').length);
    assert.deepEqual(widths, [10, 10, 10, 10, ...Array<number>(6).fill(4), 6, 6, 6]);
    assert.equal(marks.split('\n').filter((line) => /^(?:\s*[-+*]|\d+\.)\s/.test(line)).length, 1);
  });

  const failed = report({
    findings: [
      finding('container-crashes', 'crash', {
        what: 'It crashes.',
        fix: 'Read the log.',
        command: 'kubectl logs shop-x',
      }),
    ],
  });
  const facts: PageFacts = {
    release: failed.release,
    cluster: { access: { cluster: 'contoso-qa' } },
    end: {
      failed: true,
      message: 'It failed. It was undone.',
      revision: 4,
      before: undefined,
      after: undefined,
      done: ['It was undone.'],
    },
    isKnown: true,
    facts: failed,
    chart: undefined,
    images: [],
    handoff: undefined,
    approvers: [],
  };
  const markdownOf = (changes: Partial<PageFacts>): string =>
    pageOf({ ...facts, ...changes }, { variable: () => undefined }).markdown.replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '');

  it('says of one that failed why, before what is there, and each text once', () => {
    const markdown = markdownOf({});
    const places = ['**Failed.**', '### When it failed', '**It crashes.**', 'What to do: Read the log.', '| Now |'];
    const found = places.map((text) => markdown.indexOf(text));
    assert.ok(found.every((place) => place >= 0));
    assert.deepEqual(
      found,
      found.toSorted((one, other) => one - other),
    );
    for (const once of ['It was undone.', 'It crashes.', 'Read the log.']) {
      assert.equal(markdown.split(once).length, once === 'It crashes.' ? 3 : 2, once);
    }
  });

  it('says that the pods of a revision which was undone are gone, where a command names one', () => {
    const gone = /Revision 4 was undone, so its pods are gone/;
    assert.match(markdownOf({}), gone);
    const after = { ...revision4, number: 4 };
    assert.doesNotMatch(markdownOf({ end: { ...facts.end, after } }), gone);
    assert.doesNotMatch(markdownOf({ end: { ...facts.end, revision: undefined } }), gone);
    const others = report({ findings: [finding('x', 'image', { what: 'a', fix: 'b', command: 'az acr show' })] });
    assert.doesNotMatch(markdownOf({ facts: others }), gone);
  });

  it('says nothing of revisions that are not known, nor of objects that nobody rolled out', () => {
    const markdown = markdownOf({ isKnown: false, facts: undefined, cluster: undefined });
    assert.doesNotMatch(markdown, /\| Now \||###/);
    assert.match(markdown, /\| Cluster and namespace \| not opened, shop-qa \|/);
  });

  it('has at most 100 kB, with the cause in any case', () => {
    const long = nasty.repeat(200);
    const many = Array.from({ length: 500 }, () => ({ workload: long, container: long, image: long }));
    const bad = finding('x', 'image', { what: 'It is missing.', fix: long });
    const seen = report(
      { findings: Array.from({ length: 50 }, () => bad) },
      { statuses: Array.from({ length: 500 }, () => status(object(long, long), long)) },
    );
    const done = Array.from({ length: 50 }, () => long);
    const { markdown } = pageOf(
      { ...facts, images: many, facts: seen, end: { ...facts.end, message: long, done } },
      { variable: () => long },
    );
    assert.ok(Buffer.byteLength(markdown) <= 100_000, String(Buffer.byteLength(markdown)));
    assert.match(markdown, /^\*\*1\\\. It is missing/m);
  });
});

const revision4 = {
  number: 4,
  status: 'failed',
  createdAt: undefined,
  modifiedAt: undefined,
  labels: {
    ciProject: undefined,
    ciPipeline: undefined,
    ciRun: undefined,
    deployRun: undefined,
    commit: undefined,
    digest: undefined,
    approver: undefined,
  },
  isKnownBad: false,
  secretName: '',
  record: { uid: '', resourceVersion: '' },
};
