import { homedir } from 'node:os';
import path from 'node:path';
import { TaskError } from '../common/task/outcome.ts';
import { shown } from '../common/text/shown.ts';

/** The variables by which later steps find the files of this task. */
export const clientVariables = ['DOCKER_CONFIG', 'HELM_REGISTRY_CONFIG', 'REGISTRY_AUTH_FILE'] as const;

/** Where clients look for their logins; none of it need exist. */
export interface ClientPlaces {
  /** docker's folder, which oras, crane and many others read, too. */
  readonly dockerFolder: string;
  readonly dockerFile: string;
  readonly helmFile: string;
  /** Of podman, buildah and skopeo, the one that counts most first. */
  readonly containersFiles: readonly string[];
  /** Whether these also look into docker's file: not where a variable names theirs. */
  readonly containersReadDocker: boolean;
}

/** What the places follow from. */
export interface PlacesContext {
  variable(name: string): string | undefined;
  isSecretVariable(name: string): boolean;
}

/** The machine that the places are on. */
interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly uid: number | undefined;
}

const thisMachine = (): Machine => ({ platform: process.platform, home: homedir(), uid: process.getuid?.() });

/**
 * Where the clients of this job look for logins now.
 * @throws TaskError when a variable names no whole path, or is secret: the agent keeps it secret whatever is set, so that
 * later steps would not see it.
 */
export function clientPlaces(context: PlacesContext, machine: Machine = thisMachine()): ClientPlaces {
  const { join } = machine.platform === 'win32' ? path.win32 : path.posix;
  const [docker, helm, containers] = clientVariables.map((name) => ownPath(name, context, machine));
  const dockerFolder = docker ?? join(machine.home, '.docker');
  return {
    dockerFolder,
    dockerFile: join(dockerFolder, 'config.json'),
    helmFile: helm ?? join(helmFolder(context, machine), 'registry', 'config.json'),
    containersFiles: containers === undefined ? containersFiles(context, machine) : [containers],
    containersReadDocker: containers === undefined,
  };
}

function ownPath(name: string, context: PlacesContext, { platform }: Machine): string | undefined {
  if (context.isSecretVariable(name)) {
    throw new TaskError(
      `This job has a secret variable ${name}, which the agent does not let scripts see: later steps would not find the ` +
        'login. Give that variable (or the one of the variable group) another name.',
    );
  }
  const value = context.variable(name);
  const { isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  if (value === undefined || isAbsolute(value)) return value;
  throw new TaskError(
    `The variable ${name} of this job is ${shown(value)}, which means another place in each step: give a whole path, or leave it out.`,
  );
}

/** Helm's folder for settings (helm, pkg/helmpath/lazypath_*.go). */
function helmFolder({ variable }: PlacesContext, { platform, home }: Machine): string {
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  const own = variable('HELM_CONFIG_HOME');
  if (own !== undefined) return own;
  const shared = variable('XDG_CONFIG_HOME');
  if (shared !== undefined) return join(shared, 'helm');
  if (platform === 'win32') return join(variable('APPDATA') ?? join(home, 'AppData', 'Roaming'), 'helm');
  return platform === 'darwin' ? join(home, 'Library', 'Preferences', 'helm') : join(home, '.config', 'helm');
}

/** In the order in which they are read (containers-auth.json(5)). */
function containersFiles({ variable }: PlacesContext, { platform, home, uid }: Machine): string[] {
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  const settings = join(variable('XDG_CONFIG_HOME') ?? join(home, '.config'), 'containers', 'auth.json');
  if (platform !== 'linux') return [settings];
  const runtime = variable('XDG_RUNTIME_DIR');
  const own =
    runtime === undefined ? `/run/containers/${uid ?? 0}/auth.json` : join(runtime, 'containers', 'auth.json');
  return [own, settings];
}
