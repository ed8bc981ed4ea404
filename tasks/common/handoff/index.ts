export { checkRecord, checkRegistry, checkRun } from './check.ts';
export { checkedHandoff, handoffFileName, readHandoff, type ReadHandoff, type TwoFieldHandoff } from './handoff.ts';
export type { Handoff, HandoffChart, HandoffImage } from './schema.ts';
export { checkArtifactName, refuseTwins } from './names.ts';
export { outputsOf, outputsOfTwoFields, type HandoffOutputs } from './outputs.ts';
export { largestFile } from './read-json.ts';
export { checkSeal, sealed } from './seal.ts';
export { refuseSecrets } from './secrets.ts';
export { handoffSummary } from './summary.ts';
