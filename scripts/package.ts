import { statSync } from 'node:fs';
import path from 'node:path';
import { createVsix } from './build/vsix.ts';
import { root } from './generate/task-json.ts';

// Makes the Marketplace package from what npm run build left in dist/.

const file = await createVsix(path.join(root, 'dist'));
console.log(`${path.relative(root, file)} (${Math.ceil(statSync(file).size / 1024)} kB)`);
