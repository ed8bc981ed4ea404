import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { KeptProgram } from './kept-programs.ts';

// Runs the programs of one cluster in the folder that it is started with: reads a program a line, and writes a line for
// each that ends. Its stdin closes in whatever way its parent ends; then it kills the programs and removes the folder.

const [, , folder = ''] = process.argv;
const running = new Set<ChildProcess>();

function run({ name, command, args, environment }: KeptProgram): void {
  const log = openSync(path.join(folder, `${name}.log`), 'a');
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', log, log] });
  closeSync(log);
  child.once('error', (error) => tell(name, error.message));
  child.once('spawn', () => running.add(child));
  child.once('exit', (code, signal) => {
    running.delete(child);
    tell(name, code === null ? String(signal) : `exit code ${code}`);
  });
}

function tell(name: string, end: string): void {
  process.stdout.write(`${name} ended: ${end}\n`);
}

// Whoever started it may be gone.
process.stdout.on('error', () => {});
process.once('SIGTERM', () => process.stdin.destroy());

for await (const line of createInterface({ input: process.stdin })) run(JSON.parse(line) as KeptProgram);
const ends = [...running].map((child) => once(child, 'exit'));
for (const child of running) child.kill('SIGKILL');
await Promise.all(ends);
await rm(folder, { recursive: true, force: true });
