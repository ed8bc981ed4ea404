import { existsSync } from 'node:fs';
import { tunnelTo } from './tunnel-bench.ts';

/** A process with a tunnel to a port, which it may use as long as a file is not there. */
const [, , port = '', file = '', proxyUrl] = process.argv;
const options = { mayPass: () => !existsSync(file), ...(proxyUrl !== undefined && { proxyUrl }) };
console.log((await tunnelTo(Number(port), options)).proxyUrl);
