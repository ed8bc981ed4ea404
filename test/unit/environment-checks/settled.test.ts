import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import schema from '../../../docs/environments.schema.json' with { type: 'json' };
import type { Values } from '../../../tasks/common/devops/rest.ts';
import { schemaCheck } from '../../../tasks/common/go/json-schema.ts';
import type { EnvironmentEntry } from '../../../tasks/EnvironmentChecks/environments-file.ts';
import type { Drift, WantedEnvironment } from '../../../tasks/EnvironmentChecks/drift.ts';
import { driftOf } from '../../../tasks/EnvironmentChecks/plan.ts';
import { wantedChecks } from '../../../tasks/EnvironmentChecks/wanted-checks.ts';
import { mappingOf, normalised } from '../../azure/devops/check-form.ts';
import { kindOf } from '../../azure/devops/check-kinds.ts';
import { faultOf } from '../../azure/devops/check-rules.ts';
import { ada } from './bodies.ts';
import { entries } from './entries.ts';

const faultIn = schemaCheck(schema);
const there = { id: 3, name: 'production' };
const pruning = { isOn: true, self: ada };

/** An organisation of one environment that keeps what is written as the service does. */
class Kept {
  checks: Values[] = [];
  description = '';
  #id = 0;

  drift(entry: EnvironmentEntry): Drift[] {
    const checks = wantedChecks(entry, (name) => name.toUpperCase());
    const wanted: WantedEnvironment = {
      name: 'production',
      description: entry.description,
      checks,
      pipelines: undefined,
    };
    const environment = { ...there, description: this.description };
    return driftOf(wanted, { environment, checks: this.checks, permissions: undefined }, pruning);
  }

  write({ step }: Drift): void {
    if (step?.kind === 'describe') this.description = step.description;
    else if (step?.kind === 'remove') this.checks = this.checks.filter(({ id }) => id !== step.id);
    else if (step?.kind === 'change')
      this.checks = this.checks.map((check) => (check['id'] === step.id ? this.#kept(step.body, step.id) : check));
    else if (step?.kind === 'add') this.checks.push(this.#kept(step.body, (this.#id += 1)));
    else assert.fail('Nothing else is to be written.');
  }

  #kept(body: Values, id: number): Values {
    const type = mappingOf(body['type']);
    const settings = mappingOf(body['settings']);
    const definition = mappingOf(settings['definitionRef'])['id'];
    const kind = kindOf(String(type['id']), typeof definition === 'string' ? definition : undefined);
    assert.ok(kind !== undefined);
    const timeout = typeof body['timeout'] === 'number' ? { timeout: body['timeout'] } : {};
    assert.equal(faultOf(kind, { settings, ...timeout }), undefined);
    const kept = kind === 'lock' ? null : normalised(kind, settings);
    return { id, type, ...timeout, version: 1, isDisabled: false, createdBy: { id: ada }, settings: kept };
  }
}

describe('whatever file fits the schema', () => {
  it('has no drift when the service keeps what was written for it', () =>
    fc.assert(
      fc.property(entries, (entry) => {
        assert.equal(faultIn({ version: 1, environments: [entry] }), undefined);
        const kept = new Kept();
        for (const each of kept.drift(entry)) kept.write(each);
        assert.deepEqual(kept.drift(entry), []);
      }),
    ));

  it('is reached by one write for each difference from any other', () =>
    fc.assert(
      fc.property(entries, entries, (before, entry) => {
        const kept = new Kept();
        for (const each of kept.drift(before)) kept.write(each);
        const drift = kept.drift(entry);
        for (const each of drift) kept.write(each);
        assert.deepEqual(kept.drift(entry), []);
        // What the second does not manage is as the first wanted it.
        const both = { ...before, ...entry };
        assert.deepEqual(kept.drift(both), []);
      }),
    ));
});
