import { getLanguageService, parse, TextDocument, type LanguageService } from 'azure-pipelines-language-service';
import type { ServiceSchema } from './service-schema.ts';

/** The idiom of the templates for errors: a step, job or stage of one key, which the service refuses in its words. */
const refusal = /^\s*- (?:'.*'|".*"): Error$/;

/** Checks pipelines and templates as the editors of the service do. */
export class YamlCheck {
  readonly #service: LanguageService;

  constructor(schema: ServiceSchema) {
    this.#service = getLanguageService(
      () => Promise.resolve(schema),
      [],
      () => Promise.resolve('file:///service-schema.json'),
    );
  }

  /** What is wrong with a file, each as `name:line:column: message`. */
  async findings(name: string, yaml: string): Promise<string[]> {
    const document = TextDocument.create('file:///azure-pipelines.yml', 'yaml', 1, yaml);
    const lines = yaml.split('\n');
    const diagnostics = await quietly(() => this.#service.doValidation(document, parse(yaml, [])));
    return diagnostics
      .filter(({ range }) => !refusal.test(lines[range.start.line] ?? ''))
      .map(({ range: { start }, message }) => {
        const text = typeof message === 'string' ? message : message.value;
        return `${name}:${start.line + 1}:${start.character + 1}: ${text}`;
      });
  }
}

/** The library tells the console about each of its steps. */
async function quietly<T>(work: () => PromiseLike<T>): Promise<T> {
  const { log } = console;
  console.log = (): void => undefined;
  try {
    return await work();
  } finally {
    console.log = log;
  }
}
