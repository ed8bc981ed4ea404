import { type Case, holds } from './cases.ts';
import { crashed } from './sample-pods.ts';
import { deployment, ended, objectOf, pod, waiting, web } from './sample-view.ts';

const oci = (how: string): string =>
  `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${how}`;

const cases: readonly Case[] = [
  {
    it: 'command-missing',
    samples: [
      deployment([
        pod({
          status: web(waiting('RunContainerError', oci('exec: "serve": executable file not found in $PATH: unknown'))),
        }),
      ]),
    ],
    cause: 'command-missing',
    says: [/no program 'serve'/],
    canMend: false,
  },
  {
    it: 'command-missing for a shell, by the end before',
    samples: [
      deployment([
        crashed(128, {
          reason: 'StartError',
          message: oci('exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown'),
        }),
      ]),
    ],
    cause: 'command-missing',
    says: [/no shell/],
  },
  {
    it: 'no command-missing for a program that misses a file',
    samples: [deployment([crashed(1, { lines: ['open /etc/shop.yaml: no such file or directory'] })])],
    cause: 'container-crashes',
  },
  {
    it: 'container-crashes with its code and its last words',
    samples: [deployment([crashed(3, { lines: ['listening', 'panic: DB_HOST is not set', ''] })])],
    cause: 'container-crashes',
    says: [/exit code 3, after 4 restarts; its last line: 'panic: DB_HOST is not set'/, /--previous/],
  },
  {
    it: 'container-crashes of a program that only ended',
    samples: [deployment([crashed(0, { reason: 'Completed' })])],
    cause: 'container-crashes',
    says: [/foreground/],
  },
  {
    it: 'container-crashes of one that was killed, but not for memory',
    samples: [deployment([crashed(137)])],
    cause: 'container-crashes',
    says: [/SIGKILL/],
  },
  {
    it: 'no container-crashes for the first restart',
    samples: [deployment([crashed(1, { restarts: 1 })])],
    cause: undefined,
  },
  {
    it: 'out-of-memory with the limit',
    samples: [
      deployment([
        crashed(137, {
          reason: 'OOMKilled',
          spec: { containers: [{ name: 'web', resources: { limits: { memory: '64Mi' } } }] },
        }),
      ]),
    ],
    cause: 'out-of-memory',
    says: [/limit of '64Mi'/, /resources\.limits\.memory/],
  },
  {
    it: 'none for a Job that has tries left',
    samples: [
      {
        object: objectOf('Job', 'import', { status: { active: 1, failed: 1 } }),
        children: [pod({ name: 'import-1', status: { phase: 'Failed', ...web(ended(1)) } })],
      },
    ],
    cause: undefined,
  },
];

describe('a container that does not go on running has the cause', () => {
  holds(cases);
});
