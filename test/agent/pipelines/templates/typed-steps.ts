import { stepShape } from '../shapes/step.ts';
import type { Complaints } from '../yaml/refusal.ts';
import { mapping, sequence, type Token } from '../yaml/token.ts';
import { childAt, itemAt, type At } from './kinds.ts';

/**
 * A template sees the steps of a typed parameter as tasks: `script: x` has become `task: CmdLine@2` (Microsoft's page on
 * template parameters turns scripts away by that name).
 */
export function stepsShaped(token: Token, at: At, complaints: Complaints): Token | undefined {
  if (at === 'step') return stepShape(token, complaints);
  if (token.kind === 'sequence') {
    const items = token.items.map((item) => stepsShaped(item, itemAt(at), complaints));
    return sequence(
      items.filter((item) => item !== undefined),
      token.at,
    );
  }
  if (token.kind === 'scalar') return token;
  return mapping(
    token.pairs.map((pair) => ({
      ...pair,
      value: stepsShaped(pair.value, childAt(at, pair.key.text), complaints) ?? pair.value,
    })),
    token.at,
  );
}
