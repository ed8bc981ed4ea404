import { parseGoYaml } from '../../tasks/common/go/yaml.ts';
import { largestMetadataFile } from '../../tasks/common/chart/metadata/metadata.ts';
import { median } from './start-times.ts';

const rounds = 5;

/** Files of the largest size that is read, each of the kind that costs most in its way. */
const files: Readonly<Record<string, string>> = {
  'words, as many as are read': filled('x: [', 'word word word,', ']'),
  'an error at each character': filled('x: [', ','),
  'an error at each second character': filled('x: "', '\\q', '"'),
  directives: filled('', '%Y\n'),
  'one long text': filled('x: "', 'word ', '"'),
};

function filled(start: string, piece: string, end = ''): string {
  return start + piece.repeat((largestMetadataFile - start.length - end.length) / piece.length) + end;
}

/** ms that the step is deaf to a cancel while it reads the worst Chart.yaml of each kind. */
export function measureForeignFiles(): { name: string; ms: number }[] {
  return Object.entries(files).map(([name, text]) => ({
    name,
    ms: median(Array.from({ length: rounds }, () => timeOf(text))),
  }));
}

function timeOf(text: string): number {
  const started = performance.now();
  try {
    parseGoYaml(text, 'Chart.yaml');
  } catch {
    // Most of them are refused; how long that takes is the question.
  }
  return performance.now() - started;
}
