/**
 * Why an archive cannot be used, as a clause that follows its name: `holds a link`. Whoever knows the archive's name
 * makes a TaskError of it.
 */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
}

/** The fault of an archive that is not as its writer left it. */
export function damaged(detail: string): ArchiveFault {
  return new ArchiveFault(`is cut short or damaged (${detail}). Package it or download it again`);
}
