import { called, quoted, told } from '../words.ts';
import type { Found, Mark } from './cause.ts';

/** The scheduler says the same in the pod's condition and in an event (kubernetes, pkg/scheduler/schedule_one.go). */
export const unschedulable = (pattern: RegExp): Mark[] => [
  { sources: ['condition'], reasons: ['Unschedulable'], pattern },
  { sources: ['event'], reasons: ['FailedScheduling'], pattern },
];

/** A new node is on its way (kubernetes/autoscaler, and Karpenter under AKS's node auto-provisioning). */
export const isScalingUp = ({ near, isOver }: Found): boolean =>
  !isOver && near.some(({ reason }) => ['TriggeredScaleUp', 'Nominated'].includes(reason));

export const noNodeFor = ({ owner, signal }: Found): string =>
  `No node takes pod ${quoted(signal.name.name)} of ${called(owner)}`;

/** The scheduler's words, without those about making room by ending other pods. */
export const schedulerSays = ({ signal }: Found): string =>
  told(signal.text.replace(/(?: no new claims to deallocate,)? preemption: .*/s, ''), 300);
