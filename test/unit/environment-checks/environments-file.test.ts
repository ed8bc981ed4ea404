import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEnvironments, type WantedFile } from '../../../tasks/EnvironmentChecks/environments-file.ts';
import { refusalOf } from '../chart/refusal.ts';

const hours = (text: string): string => `businessHours: {days: [Monday], from: "08:00", to: "17:00", ${text}}`;
const approvals = (text: string): string => `approvals: {approvers: [ada], ${text}}`;

/** Of an environment production, which stands second, what is wrong in it and how the refusal goes on after its name. */
const wrong: readonly (readonly [text: string, said: string])[] = [
  ['approval: [ada]', '.approval is not known: there are name, description, approvals, preApprovals,'],
  ['description: 7', '.description is of type number instead of string; it is 7.'],
  ['approvals: ada', ".approvals takes false, or a list, or a mapping; it is 'ada'."],
  ['approvals: true', '.approvals takes false, or a list, or a mapping; it is true.'],
  ['approvals:', '.approvals takes false, or a list, or a mapping.'],
  ['approvals: [7]', '.approvals[0] is of type number instead of string; it is 7.'],
  ["approvals: ['']", '.approvals[0] has a form that is not allowed (One character at least, none of them invisible.'],
  ['approvals: {}', ".approvals lacks 'approvers'."],
  ['approvals: {approvers: []}', '.approvals.approvers does not fit: Array has too few items (0 < 1).'],
  ['approvals: {approvers: ada}', ".approvals.approvers is of type string instead of array; it is 'ada'."],
  ['approvals: {approver: [ada]}', '.approvals.approver is not known: there are approvers, order, minimum,'],
  [approvals('order: random'), ".approvals.order takes one of anyOrder, inSequence; it is 'random'."],
  [approvals('minimum: -1'), '.approvals.minimum does not fit: -1 is less than 0.'],
  [approvals('minimum: 1.5'), '.approvals.minimum is of type number instead of integer; it is 1.5.'],
  [approvals('timeout: 0'), '.approvals.timeout does not fit: 0 is less than 1.'],
  [approvals('timeout: 43201'), '.approvals.timeout does not fit: 43201 is greater than 43200.'],
  [approvals('timeout: 30d'), ".approvals.timeout is of type string instead of integer; it is '30d'."],
  [
    approvals('requesterCannotApprove: "yes"'),
    '.approvals.requesterCannotApprove is of type string instead of boolean',
  ],
  [`preApprovals: [${'ada, '.repeat(101)}]`, '.preApprovals does not fit: Array has too many items (101 > 100).'],
  ['postApprovals: {approvers: [{}]}', '.postApprovals.approvers[0] is of type object instead of string.'],
  ['branches: main', ".branches takes false, or a list, or a mapping; it is 'main'."],
  [
    'branches: [main]',
    '.branches[0] has a form that is not allowed (A full name, such as refs/heads/main or refs/tags/*)',
  ],
  ['branches: ["refs/heads/a,b"]', '.branches[0] has a form that is not allowed (A full name, such as refs/heads/main'],
  ['branches: {allowed: []}', '.branches.allowed does not fit: Array has too few items (0 < 1).'],
  [
    'branches: {allowed: ["*"], requireProtection: 1}',
    '.branches.requireProtection is of type number instead of boolean',
  ],
  ['businessHours: [Monday]', '.businessHours takes false, or an empty list, or a mapping.'],
  ['businessHours: {days: [Monday], from: "08:00"}', ".businessHours lacks 'to'."],
  ['businessHours: {days: [Mon], from: "08:00", to: "17:00"}', '.businessHours.days[0] takes one of Monday, Tuesday,'],
  [
    'businessHours: {days: [Monday], from: 8, to: "17:00"}',
    '.businessHours.from is of type number instead of string; it is 8.',
  ],
  [
    'businessHours: {days: [Monday], from: "8:00", to: "17:00"}',
    '.businessHours.from has a form that is not allowed (Such as "08:00", in quotes)',
  ],
  [
    hours('timeZone: Europe/Berlin'),
    '.businessHours.timeZone has a form that is not allowed (As Windows names it, such as W. Europe',
  ],
  ['exclusiveLock: "true"', ".exclusiveLock takes true, or false, or a list, or a mapping; it is 'true'."],
  ['exclusiveLock: {timeout: 1h}', ".exclusiveLock.timeout is of type string instead of integer; it is '1h'."],
  ['requiredTemplates: true', '.requiredTemplates takes false, or a list; it is true.'],
  ['requiredTemplates: [a.yml]', ".requiredTemplates[0] is of type string instead of object; it is 'a.yml'."],
  [
    'requiredTemplates: [{repository: a, ref: main, path: b}]',
    '.requiredTemplates[0].ref has a form that is not allowed (A full name',
  ],
  [
    'requiredTemplates: [{repository: a, ref: refs/x, path: b, type: svn}]',
    '.requiredTemplates[0].type takes one of git, github,',
  ],
  ['pipelines: all', ".pipelines takes false, or a list; it is 'all'."],
  ['pipelines: [0]', '.pipelines[0] does not fit: 0 is less than 1.'],
  ['pipelines: [{id: 7}]', '.pipelines[0] takes a whole number, or a text.'],
];

const withProduction = (text: string): string =>
  `version: 1\nenvironments:\n  - name: qa\n  - name: production\n    ${text}\n`;

describe('a file of environments', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'environments-'))));
  after(() => rmSync(folder, { recursive: true }));

  function read(text: string | Buffer): Promise<WantedFile> {
    writeFileSync(path.join(folder, 'environment-checks.yaml'), text);
    const variable = (name: string): string | undefined =>
      name === 'System.DefaultWorkingDirectory' ? folder : undefined;
    return readEnvironments('environment-checks.yaml', { variable });
  }

  const refusal = (text: string): Promise<string> => refusalOf(() => read(text));

  for (const [text, said] of wrong)
    it(`says of '${text.slice(0, 70)}' which environment and key it is`, async () => {
      const start =
        'environment-checks.yaml does not fit its schema (docs/environments.schema.json): environments[1] (production)';
      assert.ok((await refusal(withProduction(text))).startsWith(start + said), await refusal(withProduction(text)));
    });

  for (const [text, said] of [
    ['', /environment-checks\.yaml is empty: it must be a mapping of version and environments, as/],
    ['environments: [{name: qa}]', /: it lacks 'version'\.$/],
    ['version: 1', /: it lacks 'environments'\.$/],
    ['version: 2\nenvironments: [{name: qa}]', /: version must be 1; it is 2\.$/],
    ['version: 1\nenvironments: []', /: environments does not fit: Array has too few items/],
    ['version: 1\nenvironments: {qa: {}}', /: environments is of type object instead of array\.$/],
    ['version: 1\nenvironments: [qa]', /: environments\[0\] is of type string instead of object; it is 'qa'\.$/],
    ['version: 1\nenvironments: [{}]', /: environments\[0\] lacks 'name'\.$/],
    ['version: 1\nenvironments: [{name: 7}]', /: environments\[0\]\.name is of type number/],
    [
      'version: 1\nenvironments: [{name: a/b}]',
      /: environments\[0\] \(a\/b\)\.name has a form .*none of them invisible.*; it is 'a\/b'/,
    ],
    [
      'version: 1\nenvironments: [{name: "a\\u202eb"}]',
      /name has a form that is not allowed .*; it is 'a\\u\{202e\}b'/,
    ],
    ['version: 1\nenvironments: [{name: " a"}]', /: the environment ' a' begins or ends with a blank\.$/],
    [
      'version: 1\nenvironments: [{name: qa}, {name: QA}]',
      /: the environment QA stands there twice \(names have no case\)\.$/,
    ],
    ['version: 1\nversion: 1\nenvironments: [{name: qa}]', /"version" stands here for the second time/],
    ['version: 1\nenvironments: &all [{name: qa}]\nmore: *all', /it has an alias/],
  ] as const)
    it(`says of '${text.replaceAll('\n', ' ')}' what it is`, async () => assert.match(await refusal(text), said));

  it('says how a group is written, whichever way it is not', async () => {
    const quotes = /Groups and patterns stand in single quotes \('\[contoso\]\\Release approvers', '\*'\)/;
    for (const name of [String.raw`[delivery]\Leads`, '*'])
      assert.match(await refusal(withProduction(`approvals: [${name}]`)), quotes);
    for (const name of [String.raw`"[delivery]\Leads"`, String.raw`"[delivery]\team"`])
      assert.match(
        await refusal(withProduction(`approvals: [${name}]`)),
        /Between double quotes \\ begins an escape: write '\[delivery\]\\Leads' between single ones\); it is '\[delivery\]\\u\{/,
      );
    await read(withProduction(String.raw`approvals: ['[delivery]\Leads']`));
  });

  it('wants no more approvals than there are approvers', async () => {
    const said = await refusal(withProduction(approvals('minimum: 2')));
    assert.match(said, /approvals of production wants 2 approvals, but names 1 approver, so nobody could ever deploy/);
    await read(withProduction(approvals('minimum: 1')));
  });

  it('is read with a byte order mark and times without quotes', async () => {
    const { name, environments } = await read(
      '\u{feff}version: 1\nenvironments:\n  - name: qa\n    businessHours: {days: [Monday], from: 08:00, to: 17:00}\n',
    );
    assert.equal(name, 'environment-checks.yaml');
    assert.deepEqual(environments, [{ name: 'qa', businessHours: { days: ['Monday'], from: '08:00', to: '17:00' } }]);
  });

  it('is refused in a moment, however many faults it has', async () => {
    const many = Array.from({ length: 31_000 }, () => 'true').join(',');
    assert.match(await refusal(withProduction(`pipelines: [${many}]`)), /\.pipelines.*(?:it is true|too many items)/);
  });

  it('that is not there is told from one that is too large', async () => {
    await assert.rejects(
      readEnvironments('none.yaml', { variable: () => folder }),
      /Input file is 'none\.yaml', but there is no .*none\.yaml: correct it, or check out the sources first\./,
    );
    assert.match(await refusal(`# ${'x'.repeat(1024 * 1024)}`), /1048576|1 MiB|too large|more than/);
  });
});
