import * as fc from 'fast-check';
import type { EnvironmentEntry } from '../../../tasks/EnvironmentChecks/environments-file.ts';

const timeouts = fc.integer({ min: 1, max: 43_200 });
/** Any text without control characters, as YAML can hold it. */
const texts = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/\p{C}/gu, ' '));
const people = fc.uuid();
const refs = fc.oneof(
  fc.constantFrom('*', 'refs/heads/main', 'refs/heads/*', 'refs/tags/v1', 'refs/pull/*'),
  fc.stringMatching(/^refs\/[A-Za-z0-9*._/-]{1,20}$/),
);
const times = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const days = fc.uniqueArray(
  fc.constantFrom('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'),
  { minLength: 1 },
);
const optional = { requiredKeys: [] };
const none = fc.constantFrom(false as const, []);

const approvals = fc.oneof(
  none,
  fc.uniqueArray(people, { maxLength: 4 }),
  fc.uniqueArray(people, { minLength: 1, maxLength: 4 }).chain((approvers) =>
    fc.record(
      {
        approvers: fc.constant(approvers),
        order: fc.constantFrom('anyOrder' as const, 'inSequence' as const),
        minimum: fc.nat(approvers.length),
        instructions: texts,
        timeout: timeouts,
        requesterCannotApprove: fc.boolean(),
      },
      { requiredKeys: ['approvers'] },
    ),
  ),
);

const branches = fc.oneof(
  none,
  fc.array(refs, { maxLength: 4 }),
  fc.record(
    {
      allowed: fc.array(refs, { minLength: 1, maxLength: 4 }),
      requireProtection: fc.boolean(),
      allowUnknownProtection: fc.boolean(),
      timeout: timeouts,
    },
    { requiredKeys: ['allowed'] },
  ),
);

const businessHours = fc.oneof(
  none,
  fc.record(
    {
      days,
      from: times,
      to: times,
      timeZone: fc.constantFrom('UTC', 'W. Europe Standard Time', 'UTC+12'),
      timeout: timeouts,
    },
    { requiredKeys: ['days', 'from', 'to'] },
  ),
);

const templates = fc.array(
  fc.record(
    {
      type: fc.constantFrom('git', 'github', 'githubenterprise', 'bitbucket'),
      repository: fc.stringMatching(/^[a-z]{1,9}\/[a-z-]{1,9}$/),
      ref: fc.constantFrom('refs/heads/main', 'refs/tags/v1'),
      path: fc.stringMatching(/^[A-Za-z/]{1,12}\.yml$/),
    },
    { requiredKeys: ['repository', 'ref', 'path'] },
  ),
  { maxLength: 4 },
);

/** Environments as a file that fits the schema may have them, with ids for people. */
export const entries: fc.Arbitrary<EnvironmentEntry> = fc.record(
  {
    name: fc.constant('production'),
    description: texts,
    approvals,
    preApprovals: approvals,
    postApprovals: approvals,
    branches,
    businessHours,
    exclusiveLock: fc.oneof(fc.boolean(), fc.constant([]), fc.record({ timeout: timeouts }, optional)),
    requiredTemplates: fc.oneof(none, templates),
  },
  { requiredKeys: ['name'] },
);
