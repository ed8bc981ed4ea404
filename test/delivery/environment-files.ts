import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { group, person, type Organization } from '../azure/devops/index.ts';

interface EnvironmentFile {
  readonly environments?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Adds to an organisation whom and what a file of environments names: its approvers, groups without members, and pipelines.
 * @returns what was added, a line each
 */
export function addNamedBy(file: string, sources: string, organization: Organization): string[] {
  const { environments = [] } = parse(readFileSync(path.join(sources, file), 'utf8')) as EnvironmentFile;
  const approvals = environments.flatMap((each) => [each['approvals'], each['preApprovals'], each['postApprovals']]);
  const added: string[] = [];
  for (const name of new Set(approvals.flatMap(approversIn))) {
    if (organization.people.search('General', name).length > 0) continue;
    organization.people.add(name.includes('@') ? { ...person(name), mail: name } : memberless(name));
    added.push(`${name.startsWith('[') ? 'group' : 'user'} ${name}`);
  }
  for (const name of new Set(environments.flatMap(({ pipelines }) => textsIn(pipelines)))) {
    organization.pipelines.named(name);
    added.push(`pipeline ${name}`);
  }
  return added;
}

const memberless = (name: string): ReturnType<typeof person> => (name.startsWith('[') ? group(name) : person(name));

function approversIn(approvals: unknown): string[] {
  const list = textsIn(approvals);
  return list.length > 0 ? list : textsIn((Object(approvals) as { approvers?: unknown }).approvers);
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
