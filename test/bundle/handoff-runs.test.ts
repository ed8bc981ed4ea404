import { ImportBench } from '../bench/import-bench.ts';

describe('HandoffImport takes no handoff of', () => {
  let bench: ImportBench;
  beforeEach(async () => {
    bench = await ImportBench.start();
    await bench.reset();
  });
  afterEach(() => bench.close());

  it('a run that was deleted, whose artifact is still there', async () => {
    bench.ci.deleted = true;
    bench.refused(await bench.given(bench.sample()), /CI run 20260105\.1 \(703\) was deleted/);
  });

  it('the run of another project, whoever answers with it', async () => {
    bench.ci.saysProject = '0d5e2f7a-6b1c-4e8d-8f3a-91c2b4d6e802';
    bench.refused(await bench.given(bench.sample()), /its answer is the run of project 0d5e2f7a/);
  });
});
