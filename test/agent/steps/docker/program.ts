import path from 'node:path';
import { buildOptions, inputOf } from './build.ts';
import { imageOf, ImageStore } from './image.ts';
import { push } from './push.ts';
import { parseReference } from './reference.ts';

// The program that stands in for docker where there is none: it builds no images, but pushes real ones, of one small file, to
// the registry. Each of its lines says what it is.

const images = new ImageStore(path.join(path.dirname(process.argv[1] ?? ''), 'images'));

/** The name with its tag, which docker adds. */
function fullName(name: string): string {
  const { registry, repository, tag } = parseReference(name);
  return `${registry}/${repository}:${tag}`;
}

function build(args: readonly string[]): void {
  const options = buildOptions(args);
  const input = inputOf(options);
  for (const tag of options.tags) images.put(fullName(tag), input);
  say(
    `built ${options.tags.join(', ') || 'an image'} from ${options.context}: one file instead of what ${options.file} says`,
  );
}

function retag([from = '', to = '', ...more]: readonly string[]): void {
  if (to === '' || more.length > 0) throw new Error("'docker tag' needs two names.");
  images.put(fullName(to), images.get(fullName(from)));
  say(`${to} is ${from}`);
}

async function pushNamed([name = '', ...more]: readonly string[]): Promise<void> {
  if (name === '' || name.startsWith('-') || more.length > 0) throw new Error("'docker push' takes one name here.");
  const image = imageOf(images.get(fullName(name)));
  const reference = parseReference(name);
  const digest = await push(image, reference);
  say(`pushed ${name}`);
  say(`${reference.tag}: digest: ${digest} size: ${image.manifest.length}`);
}

async function run([command = '', ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case 'build':
      return build(args);
    case 'tag':
      return retag(args);
    case 'push':
      return pushNamed(args);
    case 'login':
      throw new Error("'docker login' is not supported: use the task ContainerRegistryLogin.");
    default:
      throw new Error(`'docker ${command}' is not supported.`);
  }
}

function say(text: string): void {
  console.log(`stand-in for docker: ${text}`);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`stand-in for docker: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
