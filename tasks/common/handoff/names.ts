import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';

const allowed = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Variables of the agent, as `agent.name` or in their environment form `AGENT_NAME`. */
const agentNames =
  /^(agent|azp|build|common|endpoint|input|pipeline|release|resources|secret|securefile|system|tf|vsts)[._]/i;

/** Environment variables that change what programs load, trust, run or write. */
const programNames =
  /^(path|pathext|home|userprofile|appdata|localappdata|te?mp|tmpdir|shell|comspec|windir|systemroot|env|bash_env|bashopts|shellopts|ifs|ps4|cdpath|prompt_command|psmodulepath|classpath|editor|pager|goflags|gopath|goproxy|goroot|kubeconfig|.*_(options|opts|proxy|askpass|preload))$/i;
const programPrefixes =
  /^(ld|dyld|node|npm|dotnet|coreclr|complus|git|ssh|ssl|curl|openssl|python|perl|ruby|java|maven|docker|helm|kube|azure|arm)_/i;

/**
 * Checks the name of a free variable.
 * @throws TaskError when it could change how the agent or a program works, or is no plain name.
 */
export function checkVariableName(name: string): void {
  if ([agentNames, programNames, programPrefixes].some((pattern) => pattern.test(name))) {
    throw new TaskError(
      `The variable ${shown(name)} is refused: a name like this changes how the agent or its programs work. Rename it.`,
    );
  }
  if (!allowed.test(name)) {
    throw new TaskError(
      `The variable name ${shown(name)} is not allowed: use up to 64 letters, digits and underscores, a letter first.`,
    );
  }
}

/** @throws TaskError when two names differ by case only: variables do not tell them apart. */
export function refuseTwins(names: readonly string[], what: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      const same =
        twin === name ? `${shown(name)} is there twice` : `${shown(twin)} and ${shown(name)} differ by case only`;
      throw new TaskError(`Of the ${what}, ${same}; give each a name of its own.`);
    }
    seen.set(name.toLowerCase(), name);
  }
}
