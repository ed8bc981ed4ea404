import assert from 'node:assert/strict';
import type { Revision } from '../../../tasks/common/rollout/history.ts';
import { checkOlder, type OlderRule } from '../../../tasks/common/rollout/older.ts';
import { refusalOf } from '../chart/refusal.ts';
import { labels } from './roll-out-bench.ts';

function there(changes: Partial<typeof labels>): Revision {
  return {
    number: 7,
    status: 'deployed',
    createdAt: undefined,
    modifiedAt: undefined,
    labels: { ...labels, ...changes },
    record: { uid: '', resourceVersion: '' },
    isKnownBad: false,
    secretName: 'sh.helm.release.v1.shop.v7',
  };
}

function said(revision: Revision | undefined, value: OlderRule['ifOlder']['value'], isManual = false): string {
  const lines: string[] = [];
  const log = {
    info: (message: string) => void lines.push(`info: ${message}`),
    warning: (message: string) => void lines.push(`warning: ${message}`),
    debug: () => undefined,
    error: () => undefined,
    progress: () => undefined,
  };
  checkOlder(labels, revision, { ifOlder: { input: 'ifOlder', value }, isManual }, log);
  return lines.join('\n');
}

describe('a deployment of something older than what is there', () => {
  const newer = there({ ciRun: '1000' });

  it('is told, refused or let through, as is asked for', async () => {
    assert.match(
      said(newer, 'warn'),
      /^warning: What is to be deployed was built by run 345, but revision 7, which is deployed, by run 1000 of the same pipeline, which is newer\. It is deployed, since input ifOlder is warn\.$/,
    );
    assert.match(said(newer, 'deploy'), /^info: .* since input ifOlder is deploy\.$/);
    assert.match(
      await refusalOf(() => said(newer, 'refuse')),
      /It is refused, since input ifOlder is refuse: roll back/,
    );
  });

  it('passes where a person started the run', () => {
    assert.match(said(newer, 'refuse', true), /^info: .*A person started this run and so chose it; it is deployed\.$/);
  });

  it('is none where it is as new, of another pipeline, or of nothing that is known', () => {
    for (const revision of [
      undefined,
      there({}),
      there({ ciRun: '99' }),
      there({ ciRun: '1000', ciPipeline: '13' }),
      there({ ciRun: '1000', ciProject: 'project-2' }),
      there({ ciRun: undefined }),
      there({ ciRun: '1000', ciPipeline: undefined }),
      there({ ciRun: 'v1000' }),
    ]) {
      assert.equal(said(revision, 'refuse'), '');
    }
  });
});
