import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { group, type Organization, person, type Person } from '../azure/devops/index.ts';

/**
 * Adds to an organisation whom and what a file of environments names: its approvers, groups without members, and pipelines
 * that are named, since an id is given by the service. Nothing where the file cannot be read, which is for the task to tell.
 * @returns what was added, a line each
 */
export function addNamedBy(file: string, sources: string, organization: Organization): string[] {
  const environments = environmentsIn(
    path.resolve(
      sources,
      file.replace(sourcesVariable, () => sources),
    ),
  );
  const approvals = environments.flatMap((each) => [each['approvals'], each['preApprovals'], each['postApprovals']]);
  const added: string[] = [];
  for (const name of new Set(approvals.flatMap(approversIn))) {
    const { people } = organization;
    if (people.find(name) !== undefined || people.search('General', name).length > 0) continue;
    people.add(somebody(name));
    added.push(`${name.startsWith('[') ? 'group' : 'user'} ${name}`);
  }
  for (const text of new Set(environments.flatMap(({ pipelines }) => textsIn(pipelines)))) {
    const parts = text.split(/[\\/]/).filter(Boolean);
    const [name = '', folder] = [parts.pop(), parts.join('\\')];
    if (folder !== '') organization.pipelines.add(name, `\\${folder}`);
    else organization.pipelines.named(name);
    added.push(`pipeline ${text}`);
  }
  return added;
}

const sourcesVariable = /^\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)/i;

function environmentsIn(file: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const { environments } = Object(parse(readFileSync(file, 'utf8')));
    return Array.isArray(environments) ? environments.map(Object) : [];
  } catch {
    return [];
  }
}

function somebody(name: string): Person {
  if (name.startsWith('[')) return group(name);
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)) return { ...person(name), id: name };
  return name.includes('@') ? { ...person(name), mail: name } : person(name);
}

function approversIn(approvals: unknown): string[] {
  const list = textsIn(approvals);
  return list.length > 0 ? list : textsIn((Object(approvals) as { approvers?: unknown }).approvers);
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
