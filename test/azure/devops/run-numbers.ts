/** Gives runs their ids and numbers. */
export class RunNumbers {
  readonly #revisions = new Map<string, number>();
  #id = 8000;

  nextId(): number {
    return (this.#id += 1);
  }

  /**
   * A number by the pipeline's `name:`, in which only `$(Date:…)`, `$(Rev:…)` and `$(BuildId)` are left. The revision counts
   * the runs of a pipeline whose number is the same but for it.
   */
  number(pipeline: string, id: number, form = '$(Date:yyyyMMdd)$(Rev:.r)', now = new Date()): string {
    const dated = form
      .replaceAll(/\$\(Date:([^)]*)\)/gi, (_, pattern: string) => dateIn(pattern, now))
      .replaceAll(/\$\(BuildId\)/gi, String(id));
    const key = `${pipeline}\n${dated}`;
    const revision = (this.#revisions.get(key) ?? 0) + 1;
    this.#revisions.set(key, revision);
    return dated.replaceAll(/\$\(Rev:([^)]*)\)/gi, (_, pattern: string) =>
      pattern.replace(/r+/, (digits) => String(revision).padStart(digits.length, '0')),
    );
  }
}

/** The parts of .NET's format strings that pipelines use. */
function dateIn(pattern: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const [hours = '', minutes = '', seconds = ''] = time.split(/[:.]/);
  const parts = { yyyy: year, yy: year.slice(2), MM: month, dd: day, HH: hours, mm: minutes, ss: seconds };
  return pattern.replaceAll(/yyyy|yy|MM|dd|HH|mm|ss/g, (part) => parts[part as keyof typeof parts]);
}
