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

const pathsOf = ({ platform }: Machine): path.PlatformPath => (platform === 'win32' ? path.win32 : path.posix);

const thisMachine = (): Machine => ({ platform: process.platform, home: homedir(), uid: process.getuid?.() });

/**
 * Where the clients of this job look for logins now.
 * @throws TaskError when a variable names no whole path, or is secret: the agent keeps it secret whatever is set, so that
 * later steps would not see it.
 */
export function clientPlaces(context: PlacesContext, machine: Machine = thisMachine()): ClientPlaces {
  const paths = pathsOf(machine);
  const [docker, helm, containers] = clientVariables.map((name) => ownPath(name, context, machine));
  const dockerFolder = docker ?? paths.join(machine.home, '.docker');
  return {
    dockerFolder,
    dockerFile: paths.join(dockerFolder, 'config.json'),
    helmFile: helm ?? paths.join(helmFolder(context, machine), 'registry', 'config.json'),
    containersFiles: containers === undefined ? containersFiles(context, machine) : [containers],
    containersReadDocker: containers === undefined,
  };
}

function ownPath(name: string, context: PlacesContext, machine: Machine): string | undefined {
  if (context.isSecretVariable(name)) {
    throw new TaskError(
      `This job has a secret variable ${name}, which the agent does not let scripts see: later steps would not find the ` +
        'login. Docker@2 makes it one at its login, which this step replaces; else give that variable (or the one of ' +
        'the variable group) another name.',
    );
  }
  const value = context.variable(name);
  if (value === undefined || pathsOf(machine).isAbsolute(value)) return value;
  throw new TaskError(
    `The variable ${name} of this job is ${shown(value)}, which means another place in each step: give a whole path, or leave it out.`,
  );
}

/** Helm's folder for settings (helm, pkg/helmpath/lazypath_*.go). */
function helmFolder(context: PlacesContext, machine: Machine): string {
  const { platform, home } = machine;
  const paths = pathsOf(machine);
  const own = context.variable('HELM_CONFIG_HOME');
  if (own !== undefined) return own;
  const shared = context.variable('XDG_CONFIG_HOME');
  if (shared !== undefined) return paths.join(shared, 'helm');
  if (platform === 'win32') {
    return paths.join(context.variable('APPDATA') ?? paths.join(home, 'AppData', 'Roaming'), 'helm');
  }
  return platform === 'darwin'
    ? paths.join(home, 'Library', 'Preferences', 'helm')
    : paths.join(home, '.config', 'helm');
}

/** In the order in which they are read (containers-auth.json(5)). */
function containersFiles(context: PlacesContext, machine: Machine): string[] {
  const { platform, home, uid } = machine;
  const paths = pathsOf(machine);
  const shared = context.variable('XDG_CONFIG_HOME') ?? paths.join(home, '.config');
  const settings = paths.join(shared, 'containers', 'auth.json');
  if (platform !== 'linux') return [settings];
  const runtime = context.variable('XDG_RUNTIME_DIR');
  const folder = runtime === undefined ? `/run/containers/${uid ?? 0}` : paths.join(runtime, 'containers');
  return [paths.join(folder, 'auth.json'), settings];
}
