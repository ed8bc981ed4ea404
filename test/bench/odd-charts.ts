import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chartYaml, writeFiles } from './write-files.ts';

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n';
const longFolder = Array.from({ length: 8 }, (_, index) => `a-folder-with-a-rather-long-name-${index}`).join('/');

/** Everything unusual that a chart may hold, in one. */
export function oddChart(helm: string): Record<string, Parameters<typeof writeFiles>[1][string]> {
  return {
    'Chart.yaml': [
      ...chartYaml('odd', '2.0.0-rc.1+build.7', 'description: "Größe: ünïcode ✓ 図 \\U0001F680"').split('\n'),
      'appVersion: "1.10"',
      'dependencies: [{name: nested, version: 1.0.0}, {name: packed, version: 0.3.0}]',
      'annotations: {"contoso.example/zeta": "1", "contoso.example/alpha": "yes"}',
      '',
    ].join('\r\n'),
    '.helmignore': '# left out\n*.bak\nsecret/\n',
    'values.yaml': '\ufeffgreeting: Grüße\r\nlist: [1, 2]\r\n',
    'values.schema.json': '{"type": "object", "properties": {"greeting": {"type": "string"}}}',
    'templates/config.yaml': `${configMap}data:\n  greeting: {{ .Values.greeting }}\r\n`,
    'templates/NOTES.txt': 'Done.',
    'templates/empty.yaml': '',
    'crds/thing.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n',
    'files/every-byte.bin': everyByte,
    'files/größe 図.txt': 'a name in Unicode',
    'files/run.sh': { program: '#!/bin/sh\necho run\n' },
    'files/link.txt': { link: '../../shared/shared.txt' },
    [`files/${longFolder}/deep.txt`]: 'deep',
    'old.bak': 'left out',
    'secret/password.txt': 'left out',
    'charts/nested/Chart.yaml': chartYaml('nested', '1.0.0', 'dependencies: [{name: deeper, version: 1.0.0}]\n'),
    'charts/nested/values.yaml': 'a: 1\n',
    'charts/nested/templates/config.yaml': configMap,
    'charts/nested/charts/deeper/Chart.yaml': chartYaml('deeper'),
    'charts/nested/charts/deeper/templates/config.yaml': configMap,
    'charts/packed-0.3.0.tgz': packed(helm, 'packed', '0.3.0'),
  };
}

/** A chart of the old kind, whose dependency lies in a folder beside it and is locked nowhere. */
export const oldChart = {
  'Chart.yaml': 'apiVersion: v1\nname: old\nversion: 1.0.0\n',
  'requirements.yaml': 'dependencies:\n- name: neighbour\n  version: ">=0.1.0"\n  repository: file://../neighbour\n',
  'templates/config.yaml': configMap,
};

export const neighbourChart = {
  'Chart.yaml': chartYaml('neighbour', '0.5.0'),
  'templates/config.yaml': configMap,
};

/** A chart that helm packed just now. */
export function packed(helm: string, name: string, version: string): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), 'packed-chart-'));
  try {
    writeFiles(path.join(folder, name), { 'Chart.yaml': chartYaml(name, version), 'values.yaml': 'a: 1\n' });
    execFileSync(helm, ['package', name], { cwd: folder, stdio: 'pipe' });
    return readFileSync(path.join(folder, `${name}-${version}.tgz`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
