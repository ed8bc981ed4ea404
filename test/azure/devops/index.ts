/** Azure DevOps as the runs of a project see it. */
export { Approval, type ApprovalCheck } from './approvals.ts';
export type { BusinessHours, EnvironmentChecks } from './environment-checks.ts';
export type { PlayedEnvironment } from './played-environment.ts';
export { Organization } from './organization.ts';
export { group, isGroup, person, type Group, type Person } from './people.ts';
export { answerMember } from './callers.ts';
