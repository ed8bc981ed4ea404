import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, stagesWith } from './delivery.ts';

const required = { projectName: 'orders', azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };
const place = { resourceGroup: 'contoso-apps', cluster: 'contoso-apps' };

/** The first thing that the service says against these parameters, without the place in the template. */
function refusal(parameters: object): string {
  try {
    stagesWith('stages/deploy-environments.yml', { ...required, ...parameters });
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message.split('\n')[0]?.replace(/^\S+ \(Line: \d+, Col: \d+\): /, '') ?? '';
  }
  return 'nothing';
}

const ofQa = (keys: object): string => refusal({ environments: [{ name: 'qa', ...place, ...keys }] });
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const said = (text: string): string => `Unexpected value '${text}'`;

const lists: readonly (readonly [string, unknown, string])[] = [
  ['an empty list', [], 'environments is an empty list; leave it out for qa and production'],
  ['a mapping', { qa: place }, 'environments must be a list, one item with a name for each environment'],
  ['a text', 'qa', 'environments must be a list, one item with a name for each environment'],
  ['an item that is a text', ['qa'], 'environments: "qa" must be a mapping with a name'],
  [
    'an item without a name',
    [{ cluster: 'contoso-apps', replicas: 2 }],
    'environments: name is missing in { "cluster": "contoso-apps", "replicas": "2"}',
  ],
  ['a name that is a list', [{ name: ['qa'] }], 'environments: name must be text in { "name": [  "qa" ]}'],
  [
    'a name that begins with a digit',
    [{ name: '1st', ...place }],
    'environment 1st: name begins with a digit; a stage cannot',
  ],
  [
    'a name of other characters',
    [{ name: 'qa/eu', ...place }],
    'environment qa/eu: name may have letters of a to z, digits, -, _, . and spaces',
  ],
  [
    'two of one name',
    [
      { name: 'qa', ...place },
      { name: 'QA', ...place },
    ],
    'environment qa: another environment has this name, or one that gives the same stage',
  ],
  [
    'two that give one stage',
    [
      { name: 'eu-1', ...place },
      { name: 'eu_1', ...place },
    ],
    'environment eu-1: another environment has this name, or one that gives the same stage',
  ],
  [
    'a dependency on a later one',
    [
      { name: 'qa', ...place, dependsOn: ['production'] },
      { name: 'production', ...place },
    ],
    'environment qa: dependsOn names production, which is no environment before it in the list',
  ],
];

const keys: readonly (readonly [object, string])[] = [
  [{ clutser: 'x' }, 'clutser is no key of an environment'],
  [{ Replicas: 1 }, 'Replicas is no key of an environment'],
  [{ cluster: '' }, 'cluster is missing; give cluster or clusters'],
  [{ resourceGroup: undefined }, 'resourceGroup is missing'],
  [{ cluster: ['a'] }, 'cluster must be text'],
  [{ values: { a: 1 } }, 'values must be text'],
  [{ condition: [] }, 'condition must be text'],
  [{ replicas: 'two' }, 'replicas is two; it must be a whole number'],
  [{ replicas: -1 }, 'replicas is -1; it must be a whole number'],
  [{ runTests: 'yes' }, 'runTests is yes; it must be true or false'],
  [{ createNamespace: 0 }, 'createNamespace is 0; it must be true or false'],
  [{ ifOlder: 'ignore' }, 'ifOlder is ignore; it must be deploy, warn or refuse'],
  [{ serverFqdn: 'contoso.com' }, 'serverFqdn is contoso.com; it must be default, public or private'],
  [{ valueFiles: 'a.yaml' }, 'valueFiles must be a list'],
  [{ valueFiles: [{ a: 1 }] }, 'valueFiles must be a list of texts'],
  [{ variableGroups: 'qa' }, 'variableGroups must be a list'],
  [{ preDeploy: { script: 'x' } }, 'preDeploy must be a list'],
  [{ postDeploy: ['smoke-test'] }, 'postDeploy must be a list of steps'],
  [{ pool: ['a'] }, 'pool must be a mapping, or the name of a pool'],
  [{ dependsOn: { a: 1 } }, 'dependsOn must be a list of environments'],
  [{ dependsOn: 'qa' }, 'dependsOn names qa, which is no environment before it in the list'],
  [{ clusters: [{ cluster: 'a' }] }, 'cluster and clusters exclude each other'],
];

const clusters: readonly (readonly [unknown, string])[] = [
  [[], 'clusters is an empty list'],
  ['a', 'clusters must be a list'],
  [['a'], 'clusters has "a"; each must be a mapping with a cluster'],
  [[{ wave: 1 }], 'cluster is missing in { "wave": "1"} of clusters'],
  [[{ cluster: 'a', wav: 1 }], 'wav is no key of a cluster'],
  [[{ cluster: 'a', wave: 0 }], 'wave of cluster a is 0; it must be 1 to 9'],
  [[{ cluster: 'a', wave: 10 }], 'wave of cluster a is 10; it must be 1 to 9'],
  [[{ cluster: { a: 1 } }], 'cluster of a cluster must be text'],
  [[{ cluster: 'a' }, { cluster: 'A' }], 'there are two clusters a; give each a name'],
];

describe('stages/deploy-environments.yml refuses', () => {
  for (const [what, environments, message] of lists) {
    it(what, () => {
      assert.equal(refusal({ environments }), said(message));
    });
  }
  for (const [given, message] of keys) {
    it(`${JSON.stringify(given)} of an environment, by its name`, () => {
      assert.equal(ofQa(given), said(`environment qa: ${message}`));
    });
  }
  for (const [given, message] of clusters) {
    it(`clusters ${JSON.stringify(given)} of an environment, by its name`, () => {
      assert.equal(ofQa({ cluster: undefined, clusters: given }), said(`environment qa: ${message}`));
    });
  }

  it('clusters of no resource group', () => {
    const environments = [{ name: 'qa', clusters: [{ cluster: 'a' }] }];
    assert.equal(refusal({ environments }), said('environment qa: resourceGroup of cluster a is missing'));
  });

  it('the roll-back of an environment that is not in the list', () => {
    const environments = [
      { name: 'qa', ...place },
      { name: 'production', ...place },
    ];
    assert.equal(
      refusal({ environments, rollBack: 'staging' }),
      said('rollBack: staging is none of the environments (qa, production)'),
    );
  });

  it('parameters of the wrong kind', () => {
    assert.equal(refusal({ ...place, variableGroups: 'orders' }), said('variableGroups must be a list of names'));
    assert.equal(refusal({ ...place, pool: [] }), said('pool must be a mapping, or the name of a pool'));
    assert.equal(refusal({ ...place, projectName: '' }), said('projectName is empty'));
    assert.equal(
      refusal({ ...place, allowedBranches: [] }),
      said('allowedBranches must be a list of branches, such as refs/heads/main'),
    );
  });
});

describe('docs/templates/stages/deploy-environments.md', () => {
  it('has every key of an environment and of a cluster, and no other', () => {
    const page = read('docs/templates/stages/deploy-environments.md');
    for (const [section, file] of [
      ['The keys of an environment', 'check-environment-keys'],
      ['The keys of a cluster', 'check-cluster'],
    ] as const) {
      const [, table = ''] = page.split(`## ${section}\n`);
      const documented = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
      const [, known = ''] = /;(\w+(?:;\w+)+);/.exec(read(`templates/internal/${file}.yml`)) ?? [];
      assert.deepEqual(new Set(documented), new Set(known.split(';')));
    }
  });
});
