/**
 * A shorter secret, or part of one, stands in harmless texts by chance: it counts only where it stands alone. In
 * characters.
 */
export const shortestInside = 6;

/**
 * What gives a secret away: the whole of it, the same without white space and quotes around it, and each of its lines in
 * the same way. A secret that holds line ends as `\n`, as a key in JSON does, has lines too.
 */
export function partsOf(secret: string): string[] {
  const wholes = [secret, withoutEscapes(secret)].flatMap(bareForms);
  const lines = wholes.flatMap((whole) => whole.split(/\r\n|[\r\n]/)).flatMap(bareForms);
  const telling = lines.filter((line) => line.length >= shortestInside && !/^-----(BEGIN|END) [^-]*-----$/.test(line));
  return unique([...wholes, ...telling]);
}

function bareForms(text: string): string[] {
  const trimmed = text.trim();
  return [text, trimmed, trimmed.replace(/^(['"`])(.*)\1[,;]?$/s, '$2')];
}

/** A secret's parts, and each as programs commonly write it: what a masker has to look for. */
export function formsOf(secret: string): string[] {
  return unique(partsOf(secret).flatMap((part) => (part.length < shortestInside ? [part] : encoded(part))));
}

function encoded(part: string): string[] {
  const bytes = Buffer.from(part);
  const json = JSON.stringify(part).slice(1, -1);
  // By way of the bytes, since half a character (a lone surrogate) has no percent code.
  const percent = encodeURIComponent(bytes.toString());
  const strict = percent.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const percents = [percent, strict, strict.replaceAll('%20', '+')];
  const hex = bytes.toString('hex');
  return [
    part,
    json,
    json.replaceAll('/', String.raw`\/`),
    // What Go, which helm and kubelogin are written in, escapes besides, and what Python does.
    json.replace(/[<>&\u2028\u2029]/g, codeUnit),
    json.replace(/[^\x20-\x7e]/g, codeUnit),
    part.replace(/[&<>]/g, entity),
    part.replace(/[&<>"']/g, entity),
    part.replace(/[\\'"]/g, String.raw`\$&`),
    ...percents,
    ...percents.map((text) => text.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase())),
    hex,
    hex.toUpperCase(),
    bytes.toString('base64'),
    ...base64Traces(bytes).flatMap((trace) => [trace, trace.replaceAll('+', '-').replaceAll('/', '_')]),
  ];
}

function codeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

function entity(character: string): string {
  return `&${entities[character]};`;
}

/**
 * The characters that bytes leave in any base64 that holds them, at each of the three alignments: a password is seen in
 * the base64 of `user:password`.
 */
function base64Traces(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((shift) => {
      const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      return base64.slice([0, 2, 3][shift], Math.floor(((shift + bytes.length) * 8) / 6));
    })
    .filter((trace) => trace.length >= shortestInside);
}

/** How often one encoding may lie in another: base64 in JSON in base64 is what Kubernetes makes of docker's sign-ins. */
const deepest = 3;

/**
 * A text as it stands, and all that it may be meant to be: decoded from the usual encodings, wherever in the text they
 * begin, and from encodings inside of these. A character stands for a byte, so that every byte can be compared.
 */
export function readingsOf(text: string): ReadonlySet<string> {
  const readings = new Set<string>();
  let next = [inBytes(text)];
  for (let depth = 0; depth <= deepest; depth += 1) {
    const fresh = new Set(next.filter((reading) => !readings.has(reading)));
    fresh.forEach((reading) => readings.add(reading));
    next = [...fresh].flatMap(decodings);
  }
  return readings;
}

/**
 * Whether a text gives a secret away: as the whole of it, or anywhere inside if the secret is long enough.
 * @param readings of the text
 * @param shortest characters that a secret, or a line of it, must have to be looked for inside the text
 */
export function givesAway(readings: ReadonlySet<string>, secret: string, shortest = shortestInside): boolean {
  const parts = partsOf(secret);
  const wholes = parts.map(inBytes);
  const inside = parts.filter((part) => part.length >= shortest).map(inBytes);
  return [...readings].some(
    (reading) =>
      bareForms(reading).some((bare) => wholes.includes(bare)) || inside.some((part) => reading.includes(part)),
  );
}

/** A text read once as each encoding. Runs of digits that are too short for any secret inside stay as they are. */
function decodings(text: string): string[] {
  const percent = text.replace(/%([\da-f]{2})/gi, (_code, hex: string) => latin(Buffer.from(hex, 'hex')));
  const hexDigits = text.replace(/[\s:,._=-]|\\x|\b0x/gi, '');
  const base64Digits = text.replace(/\s/g, '');
  return [
    percent,
    percent.replaceAll('+', ' '),
    withoutEscapes(text, inBytes),
    // UTF-16, as PowerShell encodes.
    text.replaceAll('\0', ''),
    ...[0, 1].map((skip) => decodedRuns(hexDigits, /[\da-f]{12,}/gi, 'hex', skip)),
    ...[0, 1, 2, 3].map((skip) => decodedRuns(base64Digits, /[\w+/-]{8,}/g, 'base64', skip)),
  ];
}

function decodedRuns(text: string, runs: RegExp, encoding: 'hex' | 'base64', skip: number): string {
  return text.replace(runs, (run) => run.slice(0, skip) + latin(Buffer.from(run.slice(skip), encoding)));
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Text without the backslashes of JSON and of shells. @param written how the characters of code points are written */
function withoutEscapes(text: string, written: (characters: string) => string = String): string {
  return text.replace(/((?:\\u[\da-f]{4})+)|\\(.)/gi, (_escape, codes: string | undefined, mark: string) =>
    codes === undefined ? (controls[mark] ?? mark) : written(fromCodes(codes)),
  );
}

function fromCodes(codes: string): string {
  return String.fromCharCode(
    ...codes
      .split(/\\u/i)
      .slice(1)
      .map((code) => Number.parseInt(code, 16)),
  );
}

/** The UTF-8 of a text, a character for a byte, so that decoded bytes can be compared with it. */
function inBytes(text: string): string {
  return latin(Buffer.from(text));
}

function latin(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text.trim() !== '');
}
