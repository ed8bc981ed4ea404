/** What a YAML 1.1 scalar means. Integers are bigint and floats number, for Go writes the two differently as text. */
export type GoYamlScalar = string | boolean | bigint | number | null;

const CORE_TAG = 'tag:yaml.org,2002:';
const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const NAN = /^\.(?:nan|NaN|NAN)$/;
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;
const INTEGER = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+)|0([0-7]*)|([1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * The meaning of a plain (unquoted) scalar as go.yaml.in/yaml/v2 sees it, the parser inside every Helm: `yes` is true,
 * `012` is ten, `1_000` is a thousand, but a date and `1:30` stay text.
 */
export function plainScalar(source: string): GoYamlScalar {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  if (NAN.test(source)) return Number.NaN;
  const infinite = INFINITE.exec(source);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  if (/^[-+0-9]/.test(source)) return numberIn(source.replaceAll('_', '')) ?? source;
  return source.startsWith('.') ? (floatIn(source) ?? source) : source;
}

/** The meaning of a scalar with an explicit tag; undefined when the text cannot have that tag. */
export function taggedScalar(tag: string, source: string): GoYamlScalar | undefined {
  const value = plainScalar(source);
  switch (tag.startsWith(CORE_TAG) ? tag.slice(CORE_TAG.length) : '') {
    case 'int':
      return typeof value === 'bigint' ? value : undefined;
    case 'float':
      return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'null':
      return value === null ? null : undefined;
    case 'binary':
      return binaryText(source);
    default:
      return source;
  }
}

/** The text whose bytes are given in base64; what is no UTF-8 would not arrive as it is. */
function binaryText(source: string): string | undefined {
  const digits = source.replaceAll(/[\r\n]/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  const bytes = Buffer.from(digits, 'base64');
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function numberIn(text: string): bigint | number | undefined {
  return integerIn(text) ?? floatIn(text);
}

/** 64 binary digits with sign and prefix; it also keeps BigInt from long work. */
const LONGEST_INTEGER = 67;

/** An integer that fits Go's int64, or uint64 when it has no sign; a larger one counts as a float there. */
function integerIn(text: string): bigint | undefined {
  const match = text.length <= LONGEST_INTEGER ? INTEGER.exec(text) : null;
  if (!match) return undefined;
  const [, sign, prefixed, octal, decimal] = match;
  const size = BigInt(prefixed?.toLowerCase() ?? decimal ?? (octal ? `0o${octal}` : '0'));
  const value = sign === '-' ? -size : size;
  return BigInt.asIntN(64, value) === value || (sign === '' && BigInt.asUintN(64, value) === value) ? value : undefined;
}

function floatIn(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The text that Helm makes of a float in a text field: `appVersion: 1.10` becomes `1.1` and `1e6` becomes `1e+06`.
 * sigs.k8s.io/yaml formats it in single precision, so `20240115.1` becomes `2.0240116e+07`.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '+Inf' : '-Inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  const shortest = shortestDigits(single);
  const exponent = Number(shortest.slice(shortest.indexOf('e') + 1));
  if (exponent >= -4 && exponent < 6) return String(Number(shortest));
  const mantissa = shortest.slice(0, shortest.indexOf('e'));
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** The fewest digits that give the same single-precision number again, as `1.5e-7`. */
function shortestDigits(single: number): string {
  for (let decimals = 0; decimals < 9; decimals++) {
    const text = single.toExponential(decimals);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential(9);
}
