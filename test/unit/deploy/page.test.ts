import assert from 'node:assert/strict';
import { pageOf } from '../../../tasks/HelmReleaseDeploy/page.ts';

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
        cluster: hostile,
        end: { failed: true, message: hostile, before: { ...revision, labels }, after: undefined, done: [hostile] },
        chart: { name: 'web', version: hostile, reference: hostile },
        images: [{ workload: hostile, container: hostile, image: hostile }],
        handoff: undefined,
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
});
