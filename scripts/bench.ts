import os from 'node:os';
import { measureClusterAccess } from './bench/cluster-access.ts';
import { measureDeliveries, type Pair } from './bench/deliveries.ts';
import { measureForeignFiles } from './bench/foreign-files.ts';
import { measurePolicies } from './bench/policies.ts';
import { measureReleases } from './bench/releases.ts';
import { measureRehearsal } from './bench/rehearsal.ts';
import { measureBundles } from './bench/start-times.ts';

// What the tasks cost on this machine: whole steps with valid inputs, the sign-in to Entra ID included, each beside what a
// user would run instead. --with-az installs the Azure CLI for it where there is none.

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  console.log(`\n${title}\n\n${lines.join('\n')}`);
}

function pairTable(title: string, pairs: readonly Pair[]): void {
  const head = ['Step', 'ms', 'requests', 'rounds', 'instead', 'ms', 'requests', 'rounds', 'times'];
  table(
    title,
    head,
    pairs.map(({ name, ours, instead, theirs }) => [
      name,
      ours.ms.toFixed(0),
      String(ours.requests),
      String(ours.rounds),
      instead,
      theirs.ms.toFixed(0),
      String(theirs.requests),
      String(theirs.rounds),
      (ours.ms / theirs.ms).toFixed(2),
    ]),
  );
}

const { versions, argv } = process;
console.log(`Node ${versions.node}, ${os.type()} ${os.arch()}, ${os.availableParallelism()} cores. Medians.`);

const { bareMs, bundles } = measureBundles();
table(
  'Bundles: size, and the time of a step whose inputs are missing',
  ['Bundle', 'kB', 'ms', `of bare Node (${bareMs.toFixed(0)} ms)`],
  bundles.map(({ name, size, startMs }) => [
    name,
    (size / 1000).toFixed(0),
    startMs.toFixed(0),
    (startMs / bareMs).toFixed(2),
  ]),
);

console.log(`\nThe whole delivery by the demo (npm run demo -- --approve): ${measureRehearsal().toFixed(1)} s`);

table(
  'The longest that a Chart.yaml of 1 MiB can take, deaf to a cancel',
  ['Chart.yaml', 'ms'],
  measureForeignFiles().map(({ name, ms }) => [name, ms.toFixed(0)]),
);

table(
  '200 policies for pods on 150 objects, of which 30 make pods',
  ['Step', 's'],
  (await measurePolicies()).map(({ name, seconds }) => [name, seconds.toFixed(1)]),
);

for (const roundTripMs of [0, 40]) {
  pairTable(`Round trips of ${roundTripMs} ms`, await measureDeliveries(roundTripMs));
  const access = await measureClusterAccess(roundTripMs, argv.includes('--with-az'));
  if (access === undefined)
    console.log('\nAksCredentials was not measured: there is no az here (npm run bench -- --with-az installs it).');
  else pairTable(`AKS, round trips of ${roundTripMs} ms`, access);
  pairTable(`Releases, round trips of ${roundTripMs} ms`, await measureReleases(roundTripMs));
}
