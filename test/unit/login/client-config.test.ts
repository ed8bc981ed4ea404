import assert from 'node:assert/strict';
import {
  configText,
  emptyConfig,
  holdsSecrets,
  layered,
  readConfig,
  storedIn,
} from '../../../tasks/ContainerRegistryLogin/client-config.ts';

const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });
const login = { registry: 'contoso.azurecr.io', username: 'somebody', password: 'her:password' };
const ours = { 'contoso.azurecr.io': auth('somebody:her:password') };
const config = (value: unknown) => readConfig(JSON.stringify(value), 'config.json');
const written = (value: unknown, ...logins: (typeof login)[]): unknown =>
  JSON.parse(configText(config(value), logins.length === 0 ? [login] : logins));

describe("A client's config file", () => {
  it('of nothing holds the login alone', () => {
    assert.deepEqual(JSON.parse(configText(emptyConfig, [login])), { auths: ours });
    assert.deepEqual(JSON.parse(configText(readConfig(' \n', 'config.json'), [login])), { auths: ours });
  });

  it('keeps all that it held', () => {
    const before = {
      HttpHeaders: { 'X-Meta': 'a' },
      auths: { 'ghcr.io': auth('a:b'), 'fabrikam.azurecr.io': { identitytoken: 'x' } },
      credHelpers: { 'public.ecr.aws': 'ecr-login' },
      currentContext: 'builder',
      proxies: { default: { httpsProxy: 'http://proxy.contoso.example' } },
    };
    assert.deepEqual(written(before), { ...before, auths: { ...before.auths, ...ours } });
  });

  it('holds a login once, whatever older clients called the registry', () => {
    const auths = {
      'https://contoso.azurecr.io': auth('a:b'),
      'https://contoso.azurecr.io/v1/': auth('a:b'),
      'contoso.azurecr.io/v2/': auth('a:b'),
      'Contoso.azurecr.io': auth('a:b'),
      'contoso.azurecr.io': { identitytoken: 'older' },
      'contoso.azurecr.io/team': auth('a:b'),
      'contoso.azurecr.io.example': auth('a:b'),
    };
    assert.deepEqual(written({ auths }), {
      auths: {
        'contoso.azurecr.io/team': auth('a:b'),
        'contoso.azurecr.io.example': auth('a:b'),
        ...ours,
      },
    });
  });

  it('asks no program for the registry of the login', () => {
    const credHelpers = { 'contoso.azurecr.io': 'acr-env', 'ghcr.io': 'pass' };
    assert.deepEqual(written({ credHelpers }), { auths: ours, credHelpers: { 'ghcr.io': 'pass' } });
    assert.deepEqual(written({ credHelpers: { 'contoso.azurecr.io': 'acr-env' } }), { auths: ours });
  });

  it('asks the program for all registries for those alone that it keeps', () => {
    const before = {
      auths: { 'ghcr.io': {}, 'quay.io': auth('a:b'), 'https://index.docker.io/v1/': {}, 'contoso.azurecr.io': {} },
      credsStore: 'desktop',
      credHelpers: { 'public.ecr.aws': 'ecr-login' },
    };
    assert.deepEqual(written(before), {
      auths: { 'ghcr.io': {}, 'quay.io': auth('a:b'), 'https://index.docker.io/v1/': {}, ...ours },
      credHelpers: { 'ghcr.io': 'desktop', 'https://index.docker.io/v1/': 'desktop', 'public.ecr.aws': 'ecr-login' },
    });
    assert.deepEqual(storedIn(config(before)), ['ghcr.io', 'https://index.docker.io/v1/', 'contoso.azurecr.io']);
  });

  it('reads the names of fields as Go does', () => {
    assert.deepEqual(written({ Auths: { 'ghcr.io': {} }, credsstore: 'pass' }), {
      auths: { 'ghcr.io': {}, ...ours },
      credHelpers: { 'ghcr.io': 'pass' },
    });
  });

  it('has Docker Hub under the address at which docker and helm look', () => {
    for (const registry of ['docker.io', 'index.docker.io', 'registry-1.docker.io']) {
      assert.deepEqual(written({ auths: { 'docker.io': auth('a:b') } }, { ...login, registry }), {
        auths: { 'https://index.docker.io/v1/': auth('somebody:her:password') },
      });
    }
  });

  it('takes odd names as names', () => {
    const text = '{"auths":{"__proto__":{"auth":"YTpi"}},"__proto__":{"a":1}}';
    const after = configText(readConfig(text, 'config.json'), [login]);
    assert.match(after, /"__proto__":\{"auth":"YTpi"\}/);
    assert.match(after, /"__proto__":\{"a":1\}/);
  });

  for (const [text, fault] of [
    ['{"auths": {"ghcr.io": {"auth": "c2VjcmV0"', 'is no JSON object'],
    ['[]', 'is no JSON object'],
    ['null', 'is no JSON object'],
    ['{"auths": ["c2VjcmV0"]}', 'has a field auths that is no JSON object'],
    ['{"credHelpers": "pass"}', 'has a field credHelpers that is no JSON object'],
    ['{"credsStore": {}}', 'has a field credsStore that is no text'],
  ] as const) {
    it(`is refused when it ${fault}, without showing it: ${text}`, () => {
      const refused = new RegExp(`^TaskError: /home/a/config\\.json ${fault}, [^"[{]*: correct it .* or remove it\\.$`);
      assert.throws(() => readConfig(text, '/home/a/config.json'), refused);
    });
  }

  it('takes null for what is not there', () => {
    assert.deepEqual(written({ auths: null, credHelpers: null, credsStore: null }), { auths: ours });
  });

  it('tells whether it holds secrets', () => {
    assert.equal(holdsSecrets(config({ auths: { 'ghcr.io': {}, 'quay.io': { auth: '' } }, credsStore: 'a' })), false);
    assert.equal(holdsSecrets(config({ auths: { 'ghcr.io': { identitytoken: 'x' } } })), true);
  });
});

describe('Two config files that a client reads one after the other', () => {
  it('become one, in which the first one counts', () => {
    const over = config({ auths: { 'quay.io': auth('new:login') }, credHelpers: { 'ghcr.io': 'pass' } });
    const under = config({
      auths: { 'quay.io': auth('old:login'), 'ghcr.io': auth('old:login'), 'fabrikam.azurecr.io': {} },
      credHelpers: { 'quay.io': 'old', 'public.ecr.aws': 'ecr-login' },
      credsStore: 'desktop',
      currentContext: 'builder',
    });
    assert.deepEqual(JSON.parse(configText(layered(over, under), [login])), {
      auths: { 'fabrikam.azurecr.io': {}, 'quay.io': auth('new:login'), ...ours },
      credHelpers: { 'fabrikam.azurecr.io': 'desktop', 'public.ecr.aws': 'ecr-login', 'ghcr.io': 'pass' },
    });
  });
});
