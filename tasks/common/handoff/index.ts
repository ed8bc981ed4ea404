export { checkArtifactName } from './artifact-name.ts';
export { checkRecord, checkRun } from './check-run.ts';
export { checkRegistry } from './check-registry.ts';
export {
  handoffFileName,
  type Handoff,
  type HandoffChart,
  type HandoffImage,
  type TwoFieldHandoff,
} from './handoff.ts';
export { outputsOf, outputsOfTwoFields, type HandoffOutputs } from './outputs.ts';
export { checkedHandoff, readHandoff } from './read-handoff.ts';
export { largestFile } from './read-json.ts';
export { checkSeal, sealed } from './seal.ts';
export { refuseSecrets } from './secret-values.ts';
export { handoffSummary } from './summary.ts';
export { refuseTwins } from './variable-name.ts';
