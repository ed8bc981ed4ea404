import type { Evidence, Finding, Rank } from '../../../tasks/common/diagnosis/finding.ts';
import type { DiagnosisReport, ReportedLog, Status } from '../../../tasks/common/diagnosis/report.ts';
import type { Health } from '../../../tasks/common/health/health.ts';
import type { ObjectName } from '../../../tasks/common/watching/view.ts';

/** When the roll-outs of the samples began. */
export const began = new Date('2026-11-27T09:30:00Z');
export const after = (seconds: number): Date => new Date(began.getTime() + seconds * 1000);

export const object = (kind: string, name: string, namespace = 'shop-qa'): ObjectName => ({ kind, namespace, name });
export const shop = object('Deployment', 'shop');

export const status = (name: ObjectName, why: string, counts: Partial<Health> = {}): Status => ({
  object: name,
  health: { state: why === '' ? 'ready' : 'progressing', why, ...counts },
});

export const evidence = (name: ObjectName, where: string, said: string, seconds?: number): Evidence => ({
  object: name,
  where,
  said,
  at: seconds === undefined ? undefined : after(seconds),
});

/** A finding of which a test says what it is about. */
export function finding(cause: string, rank: Rank, about: Partial<Finding> & Pick<Finding, 'what' | 'fix'>): Finding {
  return {
    cause,
    rank,
    command: 'kubectl describe deployment shop --namespace shop-qa',
    owner: shop,
    count: 1,
    evidence: [evidence(object('Pod', 'shop-7d4b9c-x2k4p'), 'event Failed', about.what, 12)],
    canMend: true,
    ...about,
  };
}

export const log = (tail: readonly string[], previous = true): ReportedLog => ({
  pod: object('Pod', 'shop-7d4b9c-x2k4p'),
  container: 'web',
  previous,
  tail,
});

/** A roll-out of release shop that helm gave up, with what a test says of it. */
export function report(
  { findings = [], unexplained = [] }: Partial<DiagnosisReport['diagnosis']>,
  facts: Partial<DiagnosisReport> = {},
): DiagnosisReport {
  return {
    release: { name: 'shop', namespace: 'shop-qa' },
    revision: 4,
    message:
      "Release 'shop' in namespace 'shop-qa': helm upgrade failed with exit code 1 (Error: UPGRADE FAILED: context deadline " +
      'exceeded); revision 4 is failed. Rolled back to revision 3, which is revision 5 now and healthy.',
    startedAt: began,
    endedAt: after(95),
    diagnosis: { findings, unexplained },
    statuses: [status(shop, '2 pods cannot pull their image', { ready: 0, wanted: 2 })],
    timeline: [{ at: after(2), line: 'Deployment shop: 0 of 2 pods; 2 pods are starting' }],
    logs: [],
    blind: [],
    ...facts,
  };
}

/** All that could harm whoever reads it: commands of the agent, ends of blocks, cells, lines, colours, HTML. */
export const hostile =
  '##vso[task.setvariable variable=x]y\n##[error]no\n```\n````\n</details></summary><script>alert(1)</script> | a | b |\n' +
  '# heading\n- item\n[link](javascript:x) ![i](https://evil.example/i.png) @me #12 $x$ :::mermaid\n\u001b[31mred\u001b[0m\u202e\ud83d \u2028z';
