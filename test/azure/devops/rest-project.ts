import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { projectName } from './project-name.ts';

/** The error that a request into a project ends with, which is named by its id or its name; undefined: the caller may look. */
export function projectRefusal(
  project: string,
  { projectId, outsideProject }: Organization,
  caller: Person,
): Record<string, unknown> | undefined {
  const named = decodeURIComponent(project).toLowerCase();
  const isById = named === projectId.toLowerCase();
  if ((isById || named === projectName) && !outsideProject.has(caller.id)) return undefined;
  if (!isById && named !== projectName) {
    const text =
      `TF200016: The following project does not exist: ${project}. Verify that the name of the project is correct and that ` +
      'the project exists on the specified Azure DevOps Server.';
    return trouble(text, 'ProjectDoesNotExistWithNameException');
  }
  const text =
    `VS800075: The project with id 'vstfs:///Classification/TeamProject/${projectId}' does not exist, or you do not have ` +
    'permission to access it.';
  return trouble(text, 'ProjectDoesNotExistException');
}
