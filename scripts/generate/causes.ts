import { causes } from '../../tasks/common/diagnosis/causes/index.ts';
import { ranks } from '../../tasks/common/diagnosis/finding.ts';
import { table } from './docs.ts';

/** The causes that a diagnosis knows, as docs/causes.md lists them: what is told first stands first. */
export function causeTable(): string {
  const inOrder = ranks.flatMap((rank) => causes.filter((cause) => cause.rank === rank));
  const rows = inOrder.map(({ id, rank, evidence, remedy, canMend }) => [
    `\`${id}\``,
    rank,
    evidence,
    remedy,
    typeof canMend === 'function' ? 'in some cases' : canMend ? '' : 'yes',
  ]);
  return table(['Cause', 'Rank', 'Shows as', 'What mends it', 'Ends the wait'], rows);
}
