// What of the code people may read: its literals, put together as they are shown.

/** A literal, or a template with templates inside of it, two deep. */
const literal =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|\$\{(?:[^{}`]|\{[^{}]*\}|`(?:\\.|\$\{[^{}]*\}|[^`\\])*`)*\}|[^`\\])*`/g;
const hole = /\$\{((?:[^{}`]|\{[^{}]*\}|`(?:\\.|\$\{[^{}]*\}|[^`\\])*`)*)\}/g;

/** The texts in a file that have several words; what code puts into a text at run time is `…`. */
export function messagesIn(code: string): string[] {
  const plain = code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
  const messages: string[] = [];
  let end = 0;
  for (const match of plain.matchAll(literal)) {
    const body = match[0].slice(1, -1);
    const isTemplate = match[0].startsWith('`');
    const text = isTemplate ? body.replaceAll(hole, '…') : body;
    const goesOn = messages.length > 0 && /^\s*\+\s*$/.test(plain.slice(end, match.index));
    if (goesOn) messages.push((messages.pop() ?? '') + text);
    else messages.push(text);
    end = match.index + match[0].length;
    if (!isTemplate) continue;
    const inner = [...body.matchAll(hole)].flatMap(([, inside = '']) => messagesIn(inside));
    messages.unshift(...inner);
  }
  return messages.filter((message) => message.includes(' '));
}

/** The names of inputs that a text speaks of, in their order. Common words count only where the text calls them inputs. */
export function namesIn(message: string, names: ReadonlySet<string>): string[] {
  const ofOtherTask = / of (?:Handoff|Helm|Aks|Delivery)[A-Z]\w+/;
  const listed = [...message.matchAll(/\b[Ii]nputs? ((?:\w+(?:, (?:and |or )?| and | or |))+)/g)].flatMap(
    ([whole, list = '']) =>
      ofOtherTask.test(message.slice(message.indexOf(whole))) ? [] : list.split(/, | and | or /),
  );
  const lines = [...message.matchAll(/'(\w+): /g)].map(([, name = '']) => name);
  const camel = [...message.matchAll(/\b[a-z]+[A-Z]\w*\b/g)]
    .filter(({ 0: name, index }) => !ofOtherTask.test(message.slice(index + name.length, index + name.length + 60)))
    .map(([name]) => name);
  return [...new Set([...listed, ...lines, ...camel])].filter((name) => names.has(name));
}
