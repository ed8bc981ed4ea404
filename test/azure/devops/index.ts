/** Azure DevOps as the runs of a project see it. */
export { Approval, type ApprovalCheck } from './approvals.ts';
export type { EnvironmentChecks, PlayedEnvironment } from './environments.ts';
export { Organization } from './organization.ts';
export { person, type Person } from './people.ts';
export { answerChecks } from './rest.ts';
