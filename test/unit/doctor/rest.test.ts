import assert from 'node:assert/strict';
import { restAfter } from '../../../tasks/common/doctor/rest.ts';

describe('the rest after a look', () => {
  it('leaves nine tenths of the time to the requests of helm and to the Lease', () => {
    assert.equal(restAfter(40), 0);
    assert.equal(restAfter(2000), 18_000);
  });
});
