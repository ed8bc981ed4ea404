import { called, kubectl, quoted, told } from '../words.ts';
import { helm } from './apply.ts';
import type { Cause, Found } from './cause.ts';

const immutable: Cause = {
  id: 'field-immutable',
  rank: 'apply',
  evidence: "Helm's `field is immutable`, or `updates to statefulset spec … are forbidden`",
  remedy: 'Take the change back, give the object another name, or delete it in a window and deploy again',
  marks: helm(
    /(?<field>\b(?:spec|roleRef|data|immutable|type|parameters|provisioner|reclaimPolicy|volumeBindingMode|secretName)\b[\w.[\]]{0,200}): (?:Invalid value(?:(?=: (?<wanted>[^\n]{1,120}): field is immutable)|)|Forbidden)[^]{0,4000}?(?:field is immutable|updates to statefulset spec|is immutable after creation|cannot change roleRef|may not be changed|is immutable)|field is immutable|cannot change roleRef/,
  ),
  what: (found) =>
    `${called(found.owner)} cannot be changed in place: ${found.groups['field'] ? `its ${told(found.groups['field'], 200)}` : 'a field of it'} is immutable${found.owner.kind === 'StatefulSet' ? ' but for replicas, template and updateStrategy' : ''}${found.groups['wanted'] ? `, and the chart wants ${told(found.groups['wanted'], 120)}` : ''}.`,
  fix: (found) => {
    const { kind, name } = found.owner;
    if (kind === 'PersistentVolumeClaim') {
      return 'Take the change back: of a claim only the size may grow (resources.requests.storage). Another class or mode needs a claim with another name, into which the data is copied; whoever deletes the claim loses its disk.';
    }
    if (holdsOthers.test(kind)) return 'Take the change back: with the object all that belongs to it would be deleted.';
    const again = `${kubectl('delete', found.owner)}${kind === 'StatefulSet' ? ' --cascade=orphan' : ''}`;
    return kind === 'Job'
      ? `Let each revision have a Job of its own (.Release.Revision in its name), or make it a hook; else delete it (${again}) and deploy again.`
      : `Take the change back, or give the object another name than ${quoted(name)}. To keep the name delete it in a maintenance window (${again}) and deploy again; nothing here does that by itself.`;
  },
  command: ({ owner }) => `${kubectl('get', owner)} --output yaml`,
  canMend: true,
};

/** What takes others with it. Helm's words may be a stranger's, such as a webhook's, who names an object that is not even the chart's. */
const holdsOthers = /^(?:Namespace|Node|PersistentVolume|CustomResourceDefinition|StorageClass)$/i;

const conflict: Cause = {
  id: 'field-conflict',
  rank: 'apply',
  evidence: 'Helm\'s `Apply failed with … conflict: conflict with "<manager>"`',
  remedy: 'Drop what an autoscaler owns (`spec.replicas`) from the chart, or take the field by `forceConflicts`',
  marks: helm(/conflicts? with "(?<manager>[^"]{1,253})"/),
  what: (found) => {
    const fields = conflictsIn(found);
    const named =
      fields.length === 0 ? 'a field' : `${fields.length === 1 ? 'field' : 'the fields'} ${fields.join(', ')}`;
    return `${called(found.owner)} is not applied: ${named} of it ${fields.length > 1 ? 'belong' : 'belongs'} to ${managersIn(found)}, which set another value.`;
  },
  fix: (found) =>
    /\.replicas|autoscaler/.test(found.signal.text)
      ? 'An autoscaler or kubectl scale set the replicas: leave replicas out of the chart where autoscaling is on, or take the fields over once with forceConflicts: true.'
      : 'If the chart is to decide, take the fields over with forceConflicts: true; else leave them out of the chart.',
  command: ({ owner }) => `${kubectl('get', owner)} --show-managed-fields --output yaml`,
  canMend: true,
};

/** The fields, one behind the colon or each on a line of its own (kubernetes, apimachinery, pkg/api/errors NewApplyConflict). */
const conflictsIn = ({ signal }: Found): string[] =>
  [...signal.text.matchAll(/(?:: |\n\s*- )(\.[^\s,]{1,300})/g)].slice(0, 5).map(([, field = '']) => quoted(field, 300));

function managersIn({ signal }: Found): string {
  const names = [...signal.text.matchAll(/conflicts? with "([^"]{1,253})"/g)].map(([, name = '']) => quoted(name));
  return [...new Set(names)].slice(0, 5).join(' and ');
}

/** Of changes that an object does not take. */
export const changeCauses: readonly Cause[] = [immutable, conflict];
