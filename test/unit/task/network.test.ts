import assert from 'node:assert/strict';
import { InAgent } from './in-agent.ts';

describe('the network settings of a step', () => {
  const agent = new InAgent();
  const proxied = { AGENT_PROXYURL: 'http://proxy.contoso.example:8080' };

  it('are none on an agent without any', async () => {
    const { answers } = await agent.ask({}, ['proxy'], ['noProxy'], ['toolNetwork']);
    assert.deepEqual(answers, [null, '', {}]);
  });

  it('are the agent’s own, with its password in the form of an address', async () => {
    const { answers } = await agent.ask(
      {
        ...proxied,
        AGENT_PROXYUSERNAME: 'contoso\\agent',
        SECRET_AGENT_PROXYPASSWORD: 'p:ss/w@rd %',
        AGENT_CAINFO: '/ca.pem',
      },
      ['proxy'],
      ['toolNetwork'],
    );
    const url = 'http://contoso%5Cagent:p%3Ass%2Fw%40rd%20%25@proxy.contoso.example:8080/';
    assert.deepEqual(answers, [url, { HTTPS_PROXY: url, HTTP_PROXY: url, SSL_CERT_FILE: '/ca.pem' }]);
  });

  it('come before those of the environment', async () => {
    const { answers } = await agent.ask({ ...proxied, HTTPS_PROXY: 'http://other.example' }, ['proxy']);
    assert.deepEqual(answers, ['http://proxy.contoso.example:8080/']);
  });

  for (const [variable, value, url] of [
    ['HTTPS_PROXY', 'http://a.example:3128', 'http://a.example:3128/'],
    ['https_proxy', 'http://b.example', 'http://b.example/'],
    ['ALL_PROXY', 'c.example:8080', 'http://c.example:8080/'],
    ['HTTP_PROXY', 'http://user:word@d.example', 'http://user:word@d.example/'],
    ['HTTPS_PROXY', 'http://:not a url', null],
  ] as const) {
    it(`come from ${variable}=${value} without an agent’s proxy`, async () => {
      const { answers } = await agent.ask({ [variable]: value }, ['proxy']);
      assert.deepEqual(answers, [url]);
    });
  }

  it('keep a file of authorities that command-line tools were given', async () => {
    const { answers } = await agent.ask({ NODE_EXTRA_CA_CERTS: '/node.pem', SSL_CERT_FILE: '/go.pem' }, [
      'toolNetwork',
    ]);
    assert.deepEqual(answers, [{ SSL_CERT_FILE: '/go.pem' }]);
  });

  it('bypass the proxy for what NO_PROXY names, and for this machine', async () => {
    const { answers } = await agent.ask(
      {
        HTTPS_PROXY: 'http://p.example',
        NO_PROXY: 'contoso.example, .fabrikam.example,*.northwind.example,10.0.0.1:8080',
      },
      [
        'bypasses',
        'https://contoso.example/x',
        'https://deep.contoso.example',
        'https://notcontoso.example',
        'https://fabrikam.example',
        'https://a.fabrikam.example',
        'https://b.northwind.example',
        'http://10.0.0.1:8080',
        'http://localhost:5000',
        'http://127.0.0.1',
        'https://contoso.example.evil.example',
      ],
    );
    assert.deepEqual(answers, [
      [
        'https://contoso.example/x',
        'https://deep.contoso.example',
        'https://fabrikam.example',
        'https://a.fabrikam.example',
        'https://b.northwind.example',
        'http://10.0.0.1:8080',
        'http://localhost:5000',
        'http://127.0.0.1',
      ],
    ]);
  });

  it('bypass it for everything where NO_PROXY is a star', async () => {
    const { answers } = await agent.ask({ HTTPS_PROXY: 'http://p.example', no_proxy: '*' }, [
      'bypasses',
      'https://contoso.azurecr.io',
    ]);
    assert.deepEqual(answers, [['https://contoso.azurecr.io']]);
  });

  it('bypass it for the regular expressions of the agent, told to tools as far as these can say it', async () => {
    const patterns = [
      '^https?://.*\\.contoso\\.example',
      'https://exact\\.fabrikam\\.example/',
      '10\\.0\\.\\d+\\.1',
      'northwind\\.example$',
    ];
    const { answers } = await agent.ask(
      { ...proxied, NO_PROXY: 'first.example', AGENT_PROXYBYPASSLIST: JSON.stringify(patterns) },
      [
        'bypasses',
        'https://web.contoso.example/a',
        'https://exact.fabrikam.example/a',
        'https://10.0.7.1/',
        'https://elsewhere.example/',
        'https://first.example/',
      ],
      ['noProxy'],
    );
    assert.deepEqual(answers, [
      [
        'https://web.contoso.example/a',
        'https://exact.fabrikam.example/a',
        'https://10.0.7.1/',
        'https://first.example/',
      ],
      'first.example,.contoso.example,exact.fabrikam.example,northwind.example',
    ]);
  });

  it('leave out of the agent’s list what cannot be used, with a warning, and use the rest', async () => {
    const { answers, printed } = await agent.ask(
      { ...proxied, AGENT_PROXYBYPASSLIST: JSON.stringify(['*.contoso.example', 7, 'good\\.example']) },
      ['bypasses', 'https://good.example/', 'https://web.contoso.example/'],
    );
    assert.deepEqual(answers, [['https://good.example/']]);
    assert.match(printed, /type=warning.*holds '\*\.contoso\.example', which is no regular expression/);

    const broken = await agent.ask({ ...proxied, AGENT_PROXYBYPASSLIST: '["a"' }, ['bypasses', 'https://a.example/']);
    assert.deepEqual(broken.answers, [[]]);
    assert.match(broken.printed, /type=warning.*cannot be read, so it is not used/);
  });
});
