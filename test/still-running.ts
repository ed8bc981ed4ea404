import type { RootHookObject } from 'mocha';

// Says on stderr which test takes long: mocha prints nothing of a file before all of it is done when files run side by
// side, and a machine that gives up meanwhile would show no name.

const reportEveryMs = 120_000;
let running = '';
let since = Date.now();

setInterval(() => {
  const seconds = Math.round((Date.now() - since) / 1000);
  if (running !== '' && seconds * 1000 > reportEveryMs) console.error(`Still running after ${seconds} s: ${running}`);
}, reportEveryMs).unref();

function begin(what: string): void {
  running = what;
  since = Date.now();
}

export const mochaHooks: RootHookObject = {
  beforeAll(this: Mocha.Context) {
    begin('the hooks before or after the tests of a file');
  },
  beforeEach(this: Mocha.Context) {
    begin(this.currentTest?.fullTitle() ?? '');
  },
  afterEach(this: Mocha.Context) {
    begin(`what comes after ${this.currentTest?.fullTitle() ?? 'a test'}`);
  },
  afterAll() {
    running = '';
  },
};
