import * as tl from 'azure-pipelines-task-lib/task.js';
import { pathFault, pathRule, versionFault, versionRule, wordFault, wordRule } from '../text/pasted.ts';
import { shown } from '../text/shown.ts';
import { log } from './log.ts';
import { TaskError } from './outcome.ts';

/** Outputs that are paths: `chartPath`, `diagnosisFile`, but not those whose names somebody else chose. */
const pathOutput = /^(?!var_|image_)\w*(?:Path|File)$/;

/** Outputs that are versions: `chartVersion`, `appVersion`. */
const versionOutput = /^(?!var_|image_)\w*Version$/;

/** Folders of the agent itself: every pipeline pastes them already, whatever the machine's owner named them. */
const agentFolders = ['Agent.TempDirectory', 'Agent.ToolsDirectory', 'Agent.WorkFolder', 'Agent.HomeDirectory'];

/**
 * Sets an output variable; later steps read it as `$(stepName.output)`, and scripts paste it.
 * @throws TaskError when a script that pastes the value would run something in it
 */
export function setOutput(name: string, value: string): void {
  if (pathOutput.test(name)) checkPath(`The path for output ${name}`, value);
  else checkWord(`The value for output ${name}`, value);
  tl.setVariable(name, value, false, true);
}

/**
 * The same for a value that somebody outside of this pipeline chose: where a script that pastes it would run something,
 * the output is empty, and a warning says why.
 */
export function setForeignOutput(name: string, value: string): void {
  const isVersion = versionOutput.test(name);
  const fault = isVersion ? versionFault(value) : wordFault(value);
  if (fault !== undefined) {
    log.warning(
      `Output ${name} stays empty: its value ${shown(value)} ${fault}, and a script that pastes it could run what it ` +
        `says. It must be ${isVersion ? versionRule : wordRule}.`,
    );
  }
  tl.setVariable(name, fault === undefined ? value : '', false, true);
}

/** Sets a variable for the later steps of the job, to a path. @throws TaskError as with setOutput */
export function setPathVariable(name: string, value: string): void {
  checkPath(`The path for variable ${name}`, value);
  tl.setVariable(name, value);
}

/**
 * @param what begins the message, such as `Input appVersion`
 * @param advice ends it, with what else the author can do
 * @throws TaskError when a script that pastes the value would run something in it. The value is not shown.
 */
export function checkWord(what: string, value: string, advice = ''): void {
  const fault = wordFault(value);
  if (fault === undefined) return;
  throw new TaskError(`${what} ${fault}, which a script that pastes it could act on: it must be ${wordRule}.${advice}`);
}

/** The same for a version, which has neither commas nor equals signs. @throws TaskError as checkWord */
export function checkVersion(what: string, value: string, advice = ''): void {
  const fault = versionFault(value);
  if (fault === undefined) return;
  throw new TaskError(
    `${what} ${fault}, which a script that pastes it could act on: it must be ${versionRule}.${advice}`,
  );
}

function checkPath(what: string, value: string): void {
  const folders = agentFolders.map((name) => tl.getVariable(name)).filter((folder) => folder !== undefined);
  const own = folders.find((folder) => folder !== '' && value.startsWith(folder)) ?? '';
  const fault = pathFault(value.slice(own.length));
  if (fault === undefined) return;
  throw new TaskError(
    `${what}, ${shown(value)}, ${fault}, which a script that pastes it could act on even in quotes: use folders with ` +
      `names of ${pathRule}.`,
  );
}
