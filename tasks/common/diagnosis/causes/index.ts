import { admissionCauses } from './admission.ts';
import { applyCauses } from './apply.ts';
import type { Cause } from './cause.ts';
import { changeCauses } from './changes.ts';
import { configCauses } from './config.ts';
import { crashCauses } from './crashes.ts';
import { progressDeadline } from './hooks.ts';
import { imageCauses } from './images.ts';
import { kindCauses } from './kinds.ts';
import { networkCauses } from './network.ts';
import { kyvernoPolicy } from './kyverno.ts';
import { admissionPolicy, azurePolicy } from './policies.ts';
import { probeCauses } from './probes.ts';
import { registryCauses } from './registries.ts';
import { schedulingCauses } from './scheduling.ts';
import { userCauses } from './users.ts';
import { volumeCauses } from './volumes.ts';
import { webhookCertificate, webhookDown } from './webhooks.ts';

/**
 * The table of causes: a new cause is one entry. Of two of the same rank that one object shows, the first here is told.
 */
export const causes: readonly Cause[] = [
  ...kindCauses,
  ...applyCauses,
  ...changeCauses,
  ...admissionCauses,
  azurePolicy,
  kyvernoPolicy,
  admissionPolicy,
  webhookCertificate,
  webhookDown,
  ...schedulingCauses,
  ...volumeCauses,
  ...imageCauses,
  ...registryCauses,
  ...configCauses,
  ...userCauses,
  ...crashCauses,
  ...probeCauses,
  ...networkCauses,
  progressDeadline,
];
