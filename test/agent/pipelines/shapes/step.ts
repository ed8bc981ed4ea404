import { NotSupported, type Complaints } from '../yaml/refusal.ts';
import { added, mapping, scalar, type MappingToken, type Pair, type Token } from '../yaml/token.ts';
import { keys, shortcuts, unplayedSteps } from './keys.ts';

const mappings = new Set(['inputs', 'env']);

/** A step as the service's preview has it: a task; the shortcut's own keys are inputs. Undefined after a complaint. */
export function stepShape(step: Token, complaints: Complaints): Token | undefined {
  if (step.kind === 'scalar') return refused(step.text, step, complaints);
  if (step.kind === 'sequence') {
    complaints.add('A sequence was not expected', step.at);
    return undefined;
  }
  const [first, ...rest] = step.pairs;
  if (!first) return refused('', step, complaints);
  const name = first.key.text;
  if (unplayedSteps.has(name)) throw new NotSupported(`the step '${name}'`);
  const shortcut = Object.hasOwn(shortcuts, name) ? shortcuts[name] : undefined;
  if (!shortcut && name !== 'task') return refused(name, first.key, complaints);
  for (const { key, value } of rest) {
    const may = (keys.step.has(key.text) && (name === 'task' || key.text !== 'inputs')) || shortcut?.own.has(key.text);
    if (!may) complaints.add(`Unexpected value '${key.text}'`, key.at);
    else if (mappings.has(key.text) && value.kind === 'scalar' && value.text !== '')
      complaints.add('Expected a mapping', value.at);
    else if (mappings.has(key.text) && value.kind === 'sequence')
      complaints.add('A sequence was not expected', value.at);
  }
  return shortcut ? asTask(step, first, rest) : step;
}

function asTask(step: MappingToken, first: Pair, rest: readonly Pair[]): Token {
  const name = first.key.text;
  const shortcut = shortcuts[name];
  const at = first.value.at;
  const others = rest.filter(({ key }) => !shortcut?.own.has(key.text));
  const own = rest.filter(({ key }) => shortcut?.own.has(key.text)).map((pair) => renamed(pair, name));
  const inline = ['bash', 'powershell', 'pwsh'].includes(name) ? [added('targetType', scalar('inline', at))] : [];
  const inputs = [...inline, added(shortcut?.input ?? name, first.value), ...own];
  if (name === 'pwsh') inputs.push(added('pwsh', scalar('true', at)));
  const isNone = name === 'checkout' && first.value.kind === 'scalar' && first.value.text === 'none';
  const head = [added('task', scalar(shortcut?.task ?? name, at))];
  if (isNone && !others.some(({ key }) => key.text === 'condition')) head.push(added('condition', scalar('false', at)));
  return mapping([...head, ...others, added('inputs', mapping(inputs, at))], step.at);
}

function renamed(pair: Pair, step: string): Pair {
  return step === 'publish' && pair.key.text === 'artifact'
    ? { ...pair, key: scalar('artifactName', pair.key.at) }
    : pair;
}

function refused(text: string, token: Token, complaints: Complaints): undefined {
  complaints.add(`Unexpected value '${text}'`, token.at);
}
