import { TaskError } from '../task/outcome.ts';
import type { Secret } from '../task/secrets.ts';
import { formsOf, givesAway, readingsOf, shortestInside } from '../text/secret-forms.ts';
import { visible } from '../text/shown.ts';
import type { Handoff } from './schema.ts';

/** The bytes of a handoff's files by their paths. */
export type HandedBytes = ReadonlyMap<string, Buffer>;

/** Versions and tags hold numbers and common words, so a secret inside of one must be longer to count. In characters. */
const shortestInVersion = 8;

/** Names and references are made of names that many a secret variable holds too: only a whole one gives it away. */
const wholeOnly = Infinity;

/** A value of the handoff. */
interface Place {
  readonly name: string;
  readonly value: string;
  /** Characters of a secret that counts inside the value. */
  readonly shortest: number;
}

/**
 * Refuses a handoff that gives a secret away: everybody who may see the run can read the artifact. Looked for are the
 * secret and each of its lines, as they are and in every encoding (text/secret-forms.ts).
 * @param artifactName which the run's page shows
 * @param files which go into the artifact, too
 * @throws TaskError that says which value and which secret, without the secret.
 */
export function refuseSecrets(
  handoff: Omit<Handoff, 'run'>,
  secrets: readonly Secret[],
  artifactName: string,
  files: HandedBytes = new Map(),
): void {
  const paths = [...files.keys()].map((path) => place('list of files', path, wholeOnly));
  const places = [...placesIn(handoff), place('artifact name', artifactName, shortestInVersion), ...paths];
  for (const { name, value, shortest } of places) {
    const readings = readingsOf(value);
    const found = secrets.find((secret) => givesAway(readings, secret.value, shortest));
    if (found !== undefined) throw refusal(name, found);
  }
  refuseInFiles(files, secrets);
}

function refusal(name: string, secret: Secret): TaskError {
  return new TaskError(
    `The handoff's ${name} holds ${secret.name}: everybody who can see the run can read the artifact. ` +
      'Leave it out, and give the deployment pipeline the secret by a variable group or a key vault.',
  );
}

/** To read a text in all that it may be meant to be takes a second for 150 KiB at worst. In bytes, for all files together. */
const mostRead = 1024 * 1024;

/** In what is beyond the first megabyte a secret is found as programs commonly write it, but not within two encodings. */
function refuseInFiles(files: HandedBytes, secrets: readonly Secret[]): void {
  let left = mostRead;
  for (const [path, bytes] of [...files].sort(([, a], [, b]) => a.length - b.length)) {
    left -= bytes.length;
    const found = left >= 0 ? readSecret(bytes, secrets) : writtenSecret(bytes, secrets);
    // Values files are full of common words, as versions are.
    if (found !== undefined) throw refusal(`file ${visible(path, 200)}`, found);
  }
}

function readSecret(bytes: Buffer, secrets: readonly Secret[]): Secret | undefined {
  const readings = readingsOf(bytes.toString('utf8'));
  return secrets.find(({ value }) => givesAway(readings, value, shortestInVersion));
}

function writtenSecret(bytes: Buffer, secrets: readonly Secret[]): Secret | undefined {
  return secrets.find(({ value }) =>
    formsOf(value).some((form) => form.length >= shortestInVersion && bytes.includes(form)),
  );
}

function placesIn({ chart, images, variables, imgVersion = '' }: Omit<Handoff, 'run'>): Place[] {
  const { version, appVersion = '', ...names } = chart;
  const inChart = Object.entries(names).map(([name, value]) => place(name, value, wholeOnly));
  const inImages = images.flatMap(({ name, repository, tag, digest }) => [
    place(`image ${name}: repository`, repository, wholeOnly),
    place(`image ${name}: tag`, tag, shortestInVersion),
    place(`image ${name}: digest`, digest, wholeOnly),
  ]);
  const givenNames = [...images.map(({ name }) => name), ...Object.keys(variables)];
  const versions = Object.entries({ version, appVersion, imgVersion });
  return [
    ...versions.map(([name, value]) => place(name, value, shortestInVersion)),
    ...inChart,
    ...inImages,
    ...Object.entries(variables).map(([name, value]) => place(`variable ${name}`, value, shortestInside)),
    ...givenNames
      .filter((name) => name.length >= shortestInside)
      .map((name) => place('list of names', name, wholeOnly)),
  ].filter(({ value }) => value !== '');
}

function place(name: string, value: string, shortest: number): Place {
  return { name, value, shortest };
}
