import { TaskError } from '../task/outcome.ts';
import type { Secret } from '../task/secrets.ts';
import type { Handoff } from './schema.ts';

/** A shorter secret could be part of a harmless text by chance. */
const shortestInside = 8;

/**
 * Refuses a handoff that gives a secret away: everybody who may see the run can read the artifact.
 * Every value is compared as a whole, free variables also for a secret inside them, such as a connection string.
 * @throws TaskError that says which value and which secret, without the secret.
 */
export function refuseSecrets(handoff: Omit<Handoff, 'run'>, secrets: readonly Secret[]): void {
  const { chart, images, variables, imgVersion = '' } = handoff;
  const whole = [
    ...Object.entries({ ...chart, imgVersion }),
    ...images.flatMap(({ name, ...facts }) =>
      Object.entries(facts).map(([key, value]) => [`image ${name}: ${key}`, value]),
    ),
  ] as const;
  for (const secret of secrets) {
    const forms = formsOf(secret.value);
    for (const [place = '', value = ''] of whole) {
      if (forms.includes(value)) throw refusal(place, secret);
    }
    const inside = forms.filter((form) => form.length >= shortestInside);
    for (const [name, value] of Object.entries(variables)) {
      if (forms.includes(value) || inside.some((form) => value.includes(form)))
        throw refusal(`variable ${name}`, secret);
    }
  }
}

function refusal(place: string, secret: Secret): TaskError {
  return new TaskError(
    `The handoff's ${place} holds ${secret.name}: everybody who can see the run can read the artifact. ` +
      'Leave it out, and give the deployment pipeline the secret by a variable group or a key vault.',
  );
}

/** The secret as it is, and as programs commonly write it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64');
  const escaped = encodeURIComponent(bytes.toString());
  const forms = [
    secret,
    secret.trim(),
    base64,
    base64.replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    escaped,
    escaped.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}
