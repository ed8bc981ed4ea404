import assert from 'node:assert/strict';
import path from 'node:path';
import { expandedPipeline } from '../agent/pipelines/expand.ts';
import { readPipeline } from '../agent/pipelines/run/read-document.ts';
import { Contract, stepsOf, taskOf } from './contract.ts';
import { documentWith, previewWith, root } from './delivery.ts';
import { connectionInputs } from './known-tasks.ts';
import { everything, fewest, sampleOf, sampleVariables, templates, wholeEnvironment } from './samples.ts';

/** What a parameter needs beside it to show, where the template has it. */
const companions: Readonly<Record<string, object>> = {
  replicasPath: { replicas: '3', environments: [wholeEnvironment] },
  revision: { rollBack: 'qa' },
  helmVersion: { mirror: '/opt/delivery-tools' },
};

const around = { steps: new Map<string, string[]>(), variables: sampleVariables };

describe('the templates, with any parameters,', () => {
  for (const template of templates) {
    const { name, parameters } = template;
    const samples = [
      fewest(template),
      everything(template),
      ...parameters.map((parameter) => ({ ...fewest(template), [parameter.name]: sampleOf(parameter) })),
    ];

    it(`${name} fits the tasks`, () => {
      for (const sample of samples) {
        const faults = new Contract(documentWith(name, sample), around).faults();
        assert.deepEqual(faults, [], JSON.stringify(sample));
      }
    });

    it(`${name} takes every service connection from its parameters`, () => {
      for (const sample of samples) {
        const { stages } = documentWith(name, sample);
        for (const step of stages.flatMap(({ jobs }) => jobs.flatMap((job) => stepsOf(job)))) {
          const used = connectionInputs(taskOf(step)).map((input) => step.inputs[input] ?? '');
          for (const connection of used.filter((value) => value !== ''))
            assert.ok(JSON.stringify(sample).includes(`"${connection}"`), `${connection} of ${taskOf(step)}`);
        }
      }
    });

    for (const parameter of parameters) {
      it(`${name} uses ${parameter.name}`, () => {
        const beside = Object.entries(companions[parameter.name] ?? {}).filter(([key]) =>
          parameters.some((other) => other.name === key),
        );
        const base = { ...fewest(template), ...Object.fromEntries(beside) };
        const other = parameter.name === 'environment' ? 'production' : 'contoso-other';
        const value = parameter.name in base ? other : sampleOf(parameter);
        assert.notEqual(previewWith(name, { ...base, [parameter.name]: value }), previewWith(name, base));
      });
    }
  }
});

describe('the examples', () => {
  const entries: Readonly<Record<string, object>> = {
    ci: {},
    cd: {},
    environments: {},
    rollback: { environment: 'qa' },
  };
  for (const [name, parameters] of Object.entries(entries)) {
    it(`${name}.yml fits the tasks`, () => {
      const file = path.join(root, 'templates', 'examples', `${name}.yml`);
      const repositories = new Map([['delivery', root]]);
      const document = readPipeline(expandedPipeline({ file, repositories, parameters }));
      assert.deepEqual(new Contract(document, { steps: new Map(), variables: new Set() }).faults(), []);
    });
  }
});
