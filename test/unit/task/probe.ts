import { job, serviceConnection } from '../../../tasks/common/task/connection.ts';
import { exec } from '../../../tasks/common/task/exec.ts';
import { InputReader } from '../../../tasks/common/task/inputs.ts';
import { networkSettings, toolNetwork } from '../../../tasks/common/task/network.ts';
import { messageOf, TaskError } from '../../../tasks/common/task/outcome.ts';

// Asks parts of the task runtime about the environment that this process was started with, as task-lib reads it only
// once. Run by in-agent.ts.

const reader = new InputReader();

/** What can be asked, with the arguments of the question. */
export const questions = {
  text: (name: string) => reader.text(name),
  requiredText: (name: string) => reader.requiredText(name),
  secret: (name: string) => reader.secret(name),
  literal: (name: string) => reader.literal(name),
  address: (name: string) => reader.address(name),
  flag: (name: string, byDefault: boolean) => reader.flag(name, byDefault),
  wholeNumber: (name: string, byDefault?: number) => reader.wholeNumber(name, byDefault ?? undefined),
  choice: (name: string, options: string[], byDefault?: string) => reader.choice(name, options, byDefault ?? undefined),
  oidcRequestUri: () => job.oidcRequestUri(),
  accessToken: () => job.accessToken(),
  proxy: () => networkSettings().proxyUrl?.href,
  bypasses: (...urls: string[]) => {
    const settings = networkSettings();
    return urls.filter((url) => settings.bypassesProxy(new URL(url)));
  },
  noProxy: () => networkSettings().noProxy,
  toolNetwork: () => toolNetwork(networkSettings()),
  connection: (id: string, ...names: string[]) => {
    const found = serviceConnection(id, 'azureSubscription');
    const [parameters, data] = [names.map((name) => found.parameter(name)), names.map((name) => found.data(name))];
    return { url: found.url, scheme: found.scheme, parameters, data };
  },
  environmentOfTool: async (env: Record<string, string | undefined>) => {
    const script = 'console.log(JSON.stringify([process.env.A, process.env.B, "C" in process.env]))';
    return JSON.parse((await exec(process.execPath, ['-e', script], { env, show: false })).stdout) as unknown;
  },
};

type Ask = (...args: unknown[]) => unknown;

async function answer([question, ...args]: readonly unknown[]): Promise<unknown> {
  try {
    return await (questions as unknown as Record<string, Ask>)[String(question)]?.(...args);
  } catch (error) {
    return { refused: messageOf(error), expected: error instanceof TaskError };
  }
}

const asked = JSON.parse(process.argv[2] ?? '[]') as unknown[][];
const answers: unknown[] = [];
for (const question of asked) answers.push((await answer(question)) ?? null);
process.stdout.write(`\nANSWERS ${JSON.stringify(answers)}\n`);
