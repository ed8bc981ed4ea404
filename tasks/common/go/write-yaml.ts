import { stringify } from 'yaml';

/** What Go's parser refuses, or takes for a line break, though it stands in quotes. */
const odd = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/**
 * YAML that programs of Go read as it is meant. Every text stands in quotes: to them `yes`, `1_000` and `1:30` are no texts,
 * as YAML 1.1 has it, and a whole kubeconfig with such a name would be refused.
 */
export function goYamlText(value: unknown): string {
  const text = stringify(value, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
  return text.replaceAll(odd, (character) => {
    return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
