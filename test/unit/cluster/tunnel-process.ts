import { existsSync } from 'node:fs';
import { tunnelTo } from './tunnel-bench.ts';

/** A process with a tunnel to a port, which it may use as long as a file is not there. */
const [, , port = '', file = ''] = process.argv;
const { proxyUrl } = await tunnelTo(Number(port), { mayPass: () => !existsSync(file) });
console.log(proxyUrl);
