import assert from 'node:assert/strict';
import { parametersOf, parameterTable } from '../../../scripts/generate/template-parameters.ts';

const template = `# A template.
parameters:
  # The first one,
  # in two lines.
  - name: first
    type: string
  # A | choice.
  - name: choice
    type: string
    default: b
    values: [a, b]
  # Whether.
  - name: flag
    type: boolean
    default: true
  # Steps.
  - name: hook
    type: stepList
    default: []
  # Names.
  - name: names
    type: object
    default: [one]
  # Agents.
  - name: pool
    type: object
    default:
      vmImage: ubuntu-latest
steps: []
`;

describe("a template's parameters", () => {
  it('stand in a table with what they take, their default and the comment above them', () => {
    const rows = parameterTable(parametersOf(template, 'steps/a.yml')).split('\n');
    assert.deepEqual(rows.slice(2), [
      '| `first` | text | **required** | The first one, in two lines. |',
      '| `choice` | `a`, `b` | `b` | A \\| choice. |',
      '| `flag` | `true`, `false` | `true` | Whether. |',
      '| `hook` | steps |  | Steps. |',
      '| `names` | list | `["one"]` | Names. |',
      '| `pool` | mapping | `{"vmImage":"ubuntu-latest"}` | Agents. |',
    ]);
  });

  it('need a comment and a type', () => {
    for (const broken of [template.replace('  # Whether.\n', ''), template.replace('    type: boolean\n', '')])
      assert.throws(
        () => parametersOf(broken, 'steps/a.yml'),
        /^Error: templates\/steps\/a\.yml: parameter flag lacks a comment or a type\.$/,
      );
  });
});
