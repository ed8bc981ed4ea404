import type { Complaints } from '../yaml/refusal.ts';
import { added, mapping, scalar, sequence, valueOf, type MappingToken, type Pair, type Token } from '../yaml/token.ts';
import { keys } from './keys.ts';
import { listOf, named, parametersShape, triggerShape, variablesShape } from './parts.ts';
import { stepShape } from './step.ts';

/** What a file with only steps, or only jobs, says of the job that the service makes of them. */
const ofJob = [
  'pool',
  'container',
  'services',
  'workspace',
  'strategy',
  'continueOnError',
  'timeoutInMinutes',
  'cancelTimeoutInMinutes',
  'dependsOn',
  'condition',
];

/** Brings an expanded pipeline into the form of the service's preview. */
export class PipelineShape {
  constructor(readonly complaints: Complaints) {}

  pipeline(root: MappingToken): Token {
    this.#know(root, keys.root);
    const given = ['stages', 'jobs', 'steps'].filter((key) => valueOf(root, key) !== undefined);
    if (given.length > 1) {
      const other = root.pairs.filter(({ key }) => given.includes(key.text))[1];
      if (other) this.complaints.add(`Unexpected value '${other.key.text}'`, other.key.at);
    }
    const head = root.pairs
      .filter(({ key }) => !['stages', 'jobs', 'steps', ...ofJob].includes(key.text))
      .map((pair) => this.#rootPair(pair));
    const pool = valueOf(root, 'pool');
    return mapping([...head, added('stages', this.#stages(root, pool))], root.at);
  }

  #rootPair(pair: Pair): Pair {
    const { text } = pair.key;
    if (text === 'trigger' || text === 'pr') {
      this.#knowIn(pair.value, keys[text]);
      return { ...pair, value: triggerShape(pair.value, this.complaints) };
    }
    if (text === 'variables') return { ...pair, value: variablesShape(pair.value) };
    return text === 'parameters' ? { ...pair, value: parametersShape(pair.value) } : pair;
  }

  #stages(root: MappingToken, pool: Token | undefined): Token {
    const stages = valueOf(root, 'stages');
    if (stages) return this.#list(stages, (stage) => this.#stage(stage, pool));
    const jobs = valueOf(root, 'jobs');
    const at = jobs?.at ?? root.at;
    const made = jobs ? this.#list(jobs, (job) => this.#job(job, pool)) : sequence([this.#onlyJob(root)], root.at);
    const stage = mapping([added('stage', scalar('__default', at)), added('jobs', made)], at);
    return sequence([stage], at);
  }

  #onlyJob(root: MappingToken): Token {
    const pairs = root.pairs.filter(({ key }) => key.text === 'steps' || ofJob.includes(key.text));
    const own = [
      ...pairs.filter(({ key }) => key.text !== 'steps'),
      ...pairs.filter(({ key }) => key.text === 'steps'),
    ];
    const job = mapping([added('job', scalar('Job', root.at)), ...own], root.at);
    return this.#job(job, undefined) ?? job;
  }

  #stage(stage: Token, pool: Token | undefined): Token | undefined {
    if (!this.#begins(stage, ['stage']) || stage.kind !== 'mapping') return undefined;
    this.#know(stage, keys.stage);
    const own = valueOf(stage, 'pool') ?? pool;
    const pairs = stage.pairs
      .filter(({ key }) => key.text !== 'pool')
      .map((pair): Pair => {
        const { text } = pair.key;
        if (text === 'jobs') return { ...pair, value: this.#list(pair.value, (job) => this.#job(job, own)) };
        if (text === 'dependsOn') return { ...pair, value: listOf(pair.value) };
        return text === 'variables' ? { ...pair, value: variablesShape(pair.value) } : pair;
      });
    return mapping(pairs, stage.at);
  }

  #job(job: Token, pool: Token | undefined): Token | undefined {
    if (!this.#begins(job, ['job', 'deployment']) || job.kind !== 'mapping') return undefined;
    const isDeployment = job.pairs[0]?.key.text === 'deployment';
    this.#know(job, isDeployment ? keys.deployment : keys.job);
    const pairs = job.pairs.map((pair) => this.#jobPair(pair, isDeployment));
    if (pool && !valueOf(job, 'pool')) {
      const at = pairs.findIndex(({ key }) => ['steps', 'strategy'].includes(key.text));
      pairs.splice(at < 0 ? pairs.length : at, 0, added('pool', named(pool)));
    }
    return mapping(pairs, job.at);
  }

  #jobPair(pair: Pair, isDeployment: boolean): Pair {
    const { value } = pair;
    switch (pair.key.text) {
      case 'steps':
        return { ...pair, value: this.#list(value, (step) => stepShape(step, this.complaints)) };
      case 'dependsOn':
        return { ...pair, value: listOf(value) };
      case 'variables':
        return { ...pair, value: variablesShape(value) };
      case 'environment':
        this.#knowIn(value, keys.environment);
        return { ...pair, value: named(value) };
      case 'pool':
        return { ...pair, value: named(value) };
      case 'strategy':
        return isDeployment ? { ...pair, value: this.#strategy(value) } : pair;
      default:
        return pair;
    }
  }

  #strategy(token: Token): Token {
    this.#knowIn(token, new Set(Object.keys(keys.strategies)));
    for (const { key, value } of token.kind === 'mapping' ? token.pairs : []) {
      const own = keys.strategies[key.text];
      if (own === undefined) continue;
      this.#knowIn(value, own);
      for (const hook of value.kind === 'mapping' ? value.pairs : []) {
        if (keys.hooks.has(hook.key.text)) this.#knowIn(hook.value, keys.hook);
        else if (hook.key.text === 'on') this.#knowIn(hook.value, keys.on);
      }
    }
    return this.#hooks(token);
  }

  /** The steps within a strategy's hooks. */
  #hooks(token: Token): Token {
    if (token.kind !== 'mapping') return token;
    return mapping(
      token.pairs.map((pair): Pair => {
        if (pair.key.text === 'steps')
          return { ...pair, value: this.#list(pair.value, (step) => stepShape(step, this.complaints)) };
        return pair.key.text === 'pool'
          ? { ...pair, value: named(pair.value) }
          : { ...pair, value: this.#hooks(pair.value) };
      }),
      token.at,
    );
  }

  #list(token: Token, shape: (item: Token) => Token | undefined): Token {
    if (token.kind === 'scalar' && token.text === '') return sequence([], token.at);
    if (token.kind !== 'sequence') {
      this.complaints.add(token.kind === 'mapping' ? 'A mapping was not expected' : 'Expected a sequence', token.at);
      return token;
    }
    return sequence(
      token.items.map(shape).filter((item) => item !== undefined),
      token.at,
    );
  }

  #begins(token: Token, words: readonly string[]): boolean {
    const first = token.kind === 'mapping' ? token.pairs[0]?.key : token;
    if (token.kind === 'mapping' && first?.kind === 'scalar' && words.includes(first.text)) return true;
    if (first?.kind === 'scalar') {
      this.complaints.add(`Unexpected value '${first.text}'`, first.at);
    } else this.complaints.add('A sequence was not expected', token.at);
    return false;
  }

  #knowIn(token: Token, names: ReadonlySet<string>): void {
    if (token.kind === 'mapping') this.#know(token, names);
  }

  #know(token: MappingToken, names: ReadonlySet<string>): void {
    for (const { key } of token.pairs)
      if (!names.has(key.text)) this.complaints.add(`Unexpected value '${key.text}'`, key.at);
  }
}
