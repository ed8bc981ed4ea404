import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline';
import { missingHeadersPolicy } from '../../../tasks/common/registry/missing-headers.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const blob = `https://contoso.azurecr.io/v2/helm%2Fapp/blobs/${encodeURIComponent(digest)}`;
const policy = missingHeadersPolicy(new Map([[digest, 42]]));

/** The headers of an answer, as the SDK sees them. */
async function seen(request: PipelineRequest, status: number, given: Record<string, string> = {}) {
  const { headers } = await policy.sendRequest(request, async () => ({
    request,
    status,
    headers: createHttpHeaders(given),
  }));
  return headers.toJSON();
}

describe('Headers that an answer lacks', () => {
  it('are the length of a blob, also when a redirect leads to another address', async () => {
    const request = createPipelineRequest({ url: blob });
    assert.deepEqual(await seen(request, 307), {});
    request.url = 'https://contoso.blob.core.windows.net/data';
    assert.deepEqual(await seen(request, 200), { 'content-length': '42' });
  });

  it('are left as they are when they are there', async () => {
    const given = { 'content-length': '7' };
    assert.deepEqual(await seen(createPipelineRequest({ url: blob }), 200, given), given);
  });

  it('are the digest of a blob or a manifest that was put', async () => {
    const upload = `https://contoso.azurecr.io/upload?digest=${encodeURIComponent(digest)}`;
    const put = createPipelineRequest({ url: upload, method: 'PUT' });
    assert.deepEqual(await seen(put, 201), { 'docker-content-digest': digest });

    const url = 'https://contoso.azurecr.io/v2/helm%2Fapp/manifests/1.2.3';
    const manifest = createPipelineRequest({ url, method: 'PUT', body: Buffer.from('{}') });
    assert.deepEqual(await seen(manifest, 201), {
      'docker-content-digest': 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    });
  });

  it('are none of a refused request or of another blob', async () => {
    assert.deepEqual(await seen(createPipelineRequest({ url: blob, method: 'PUT', body: '' }), 401), {});
    assert.deepEqual(await seen(createPipelineRequest({ url: blob.replace('ab', 'cd') }), 200), {});
  });
});
