import { quoted, told, word } from '../words.ts';
import { inParts, refusals, refused } from './admission.ts';
import type { Cause, Found } from './cause.ts';
import { fieldIn, toldBefore } from './policies.ts';

/** What one policy of Kyverno says. */
interface Refusal {
  readonly policy: string;
  readonly message: string;
}

/**
 * The policies that Kyverno's message names, each with its own words (kyverno, pkg/webhooks/utils/block.go and
 * pkg/webhooks/resource/vpol/handler.go): keys of YAML, or a sentence each.
 */
function refusalsIn(said: string): Refusal[] {
  const [, list] = said.split('due to the following policies');
  const text = list ?? said;
  const name = list === undefined ? /\bPolicy ([\w.-]{1,253}) (?:failed|error): /g : /^([\w.-]{1,253}):[ \t]*$/gm;
  const marks = [...text.matchAll(name)].slice(0, 10);
  return marks.map((mark, index) => ({
    policy: mark[1] ?? '',
    message: text
      .slice(mark.index + mark[0].length, marks[index + 1]?.index)
      .trim()
      .replace(/;$/, ''),
  }));
}

const kyvernoRefusals = ({ groups }: Found): Refusal[] => refusalsIn(groups['said'] ?? '');

export const kyvernoPolicy: Cause = {
  id: 'kyverno-policy',
  rank: 'admission',
  evidence: 'A refusal by a webhook of Kyverno, which names its policies',
  remedy: 'What the policy asks for, or a PolicyException',
  marks: refusals(
    /admission webhook "[^"]{0,200}kyverno[^"]{0,60}" denied the request:\s{0,4}(?<said>(?:resource \S{1,600} was blocked due to the following policies|Policy [\w.-]{1,253} (?:failed|error): )[^]{0,3000})/,
  ),
  what: (found) => {
    const [first, ...others] = kyvernoRefusals(found);
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return `Kyverno's policy ${quoted(first?.policy ?? '')} refuses ${refused(found)}: ${told(first?.message ?? '')}${more}.`;
  },
  fix: (found) => {
    const path = fieldIn(found.groups['said'] ?? '');
    const names = kyvernoRefusals(found).map(({ policy }) => quoted(policy));
    const change = path === undefined ? 'what the message names' : told(path, 200);
    return `Change ${change} in the chart's values so that it fits, or ask the owner of ${names.join(', ')} for a PolicyException. ${toldBefore('kyverno')}`;
  },
  command: (found) =>
    `kubectl get clusterpolicies,validatingpolicies --field-selector metadata.name=${word(kyvernoRefusals(found)[0]?.policy ?? '', 'policy')} --output yaml`,
  canMend: false,
  besides: (found) =>
    inParts(
      found,
      kyvernoRefusals(found).map(({ policy, message }) => `${policy}: ${message}`),
    ),
};
