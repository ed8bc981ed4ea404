/** Azure DevOps as the runs of a project see it. */
export { Approval, type ApprovalCheck } from './approvals.ts';
export type { BusinessHours, EnvironmentChecks } from './environment-checks.ts';
export type { PlayedEnvironment } from './environments.ts';
export { Organization } from './organization.ts';
export { person, type Person } from './people.ts';
export { answerChecks } from './rest.ts';
