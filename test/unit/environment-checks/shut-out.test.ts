import assert from 'node:assert/strict';
import type { EnvironmentEntry } from '../../../tasks/EnvironmentChecks/environments-file.ts';
import type { FoundState } from '../../../tasks/EnvironmentChecks/drift.ts';
import { warnOfShutOut } from '../../../tasks/EnvironmentChecks/shut-out.ts';
import { wantedChecks } from '../../../tasks/EnvironmentChecks/wanted-checks.ts';
import { withSettings } from './bodies.ts';

/** What is told of an environment with these keys, and these required templates in the service. */
function told(
  entry: Omit<EnvironmentEntry, 'name'>,
  foundRefs: readonly string[] = [],
): { warnings: string[]; infos: string[] } {
  const [warnings, infos]: [string[], string[]] = [[], []];
  const log = { warning: (text: string) => void warnings.push(text), info: (text: string) => void infos.push(text) };
  const checks = wantedChecks({ name: 'production', ...entry }, (name) => name);
  const extendsChecks = foundRefs.map((repositoryRef) => ({
    repositoryRef,
    repositoryName: 'a/b',
    templatePath: 'c.yml',
  }));
  const found: FoundState = {
    environment: { id: 3, name: 'production', description: '' },
    checks: foundRefs.length === 0 ? [] : [withSettings('requiredTemplates', { extendsChecks })],
    permissions: undefined,
  };
  const wanted = { name: 'production', description: undefined, checks, pipelines: undefined };
  warnOfShutOut([wanted], new Map([['production', found]]), log);
  return { warnings, infos };
}

const template = (ref: string): NonNullable<EnvironmentEntry['requiredTemplates']> => [
  { repository: 'delivery/templates', ref, path: 'deploy.yml' },
];
const silent = { warnings: [], infos: [] };

describe('branch control and the repository of the templates', () => {
  it('is warned of when a required template of the file is at a ref that is not allowed', () => {
    const { warnings, infos } = told({ branches: ['refs/heads/main'], requiredTemplates: template('refs/tags/v1') });
    assert.deepEqual(infos, []);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /Branch control of production judges every repository .* and shuts out refs\/tags\/v1: .*Allow it among the branches\./,
    );
  });

  it('is warned of when a required template that the file does not manage is', () =>
    assert.match(
      told({ branches: ['refs/heads/main'] }, ['refs/heads/main', 'refs/tags/v2']).warnings.join(),
      /shuts out refs\/tags\/v2:/,
    ));

  it('is nothing to warn of when every ref is allowed', () => {
    for (const branches of [['*'], ['refs/*'], ['refs/heads/main', 'refs/tags/v*'], { allowed: ['refs/tags/v1'] }])
      assert.deepEqual(told({ branches, requiredTemplates: template('refs/tags/v1') }), silent);
  });

  it('is told of once where no tag is allowed and nothing says where templates come from', () => {
    for (const entry of [{}, { requiredTemplates: [] }]) {
      const { warnings, infos } = told({ branches: ['refs/heads/main'], ...entry });
      assert.deepEqual(warnings, []);
      assert.equal(infos.length, 1);
      assert.match(infos[0] ?? '', /Branch control of production allows no tag\./);
    }
  });

  it('is nothing to tell of where the file wants no branch control, or does not manage it', () => {
    for (const branches of [false, []] as const) assert.deepEqual(told({ branches }), silent);
    assert.deepEqual(told({}), silent);
    assert.deepEqual(told({ requiredTemplates: template('refs/tags/v1') }), silent);
  });
});
