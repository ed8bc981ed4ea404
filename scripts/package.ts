import { statSync } from 'node:fs';
import path from 'node:path';
import { publishedTexts, releaseFaults } from './build/release.ts';
import { createVsix } from './build/vsix.ts';
import { root } from './generate/task-json.ts';

// Makes the Marketplace package from what npm run build left in dist/. With --release nothing is made while a placeholder
// is left in what its users see.

const faults = process.argv.includes('--release') ? releaseFaults(publishedTexts()) : [];
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  process.exitCode = 1;
} else {
  const file = await createVsix(path.join(root, 'dist'));
  console.log(`${path.relative(root, file)} (${Math.ceil(statSync(file).size / 1024)} kB)`);
}
