import assert from 'node:assert/strict';
import { readCheckedInputs } from '../../../tasks/HelmChartPull/checked-inputs.ts';
import { InputReader } from '../../../tasks/common/task/inputs.ts';

describe('The inputs of the pull', () => {
  it('must name the chart', () => {
    assert.throws(
      () => readCheckedInputs(new InputReader()),
      /^TaskError: Give the input chartRef or the input repository/,
    );
  });
});
