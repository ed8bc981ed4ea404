import assert from 'node:assert/strict';
import { aksServerId } from '../../../tasks/common/aks/credential-request.ts';
import { checkAudience } from '../../../tasks/common/kubelogin/exec-entry.ts';

const own = '11111111-2222-3333-4444-55555555555a';
const input = 'serverAppId';
const audience = (serverId: string) => ({ serverId, tenantId: 'contoso' });

describe('the application for whose tokens a kubeconfig asks', () => {
  it("is AKS's own, or the one that the input names", () => {
    checkAudience(audience(aksServerId), { input, value: undefined });
    checkAudience(audience(aksServerId.toUpperCase()), { input, value: undefined });
    checkAudience(audience(own.toUpperCase()), { input, value: own });
  });

  it('is no other, and the message names both and the input', () => {
    const both = new RegExp(`application ${own}, not to ${aksServerId}\\..*serverAppId`);
    assert.throws(() => checkAudience(audience(own), { input, value: undefined }), both);
    assert.throws(
      () => checkAudience(audience('https://management.azure.com/'), { input, value: undefined }),
      /serverAppId/,
    );
    assert.throws(
      () => checkAudience(audience(aksServerId), { input, value: own }),
      new RegExp(`application ${aksServerId}, not to ${own}`),
    );
  });
});
