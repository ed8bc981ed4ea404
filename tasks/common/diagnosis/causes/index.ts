import type { Cause } from './cause.ts';
import { crashCauses } from './crashes.ts';
import { imageCauses } from './images.ts';
import { registryCauses } from './registries.ts';
import { schedulingCauses } from './scheduling.ts';

/**
 * The table of causes: a new cause is one entry. Of two of the same rank that one object shows, the first here is told.
 */
export const causes: readonly Cause[] = [...schedulingCauses, ...imageCauses, ...registryCauses, ...crashCauses];
