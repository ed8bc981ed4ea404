import assert from 'node:assert/strict';
import { AppJobs, assertHolds, commonAt, puller, saveApp } from '../bench/app-jobs.ts';
import { dockerConnection } from '../bench/connections.ts';
import { loginServer } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const registryAudience = 'https://containerregistry.azure.net';
const otherAt = (repository: string): string => `- {name: other, version: 2.0.0, repository: "${repository}"}\n`;

describe('HelmChartSave: the registries that get the sign-in', () => {
  const apps = new AppJobs();
  const fromContoso = commonAt(`oci://${loginServer}/helm`);
  const azureSubscription = 'contoso-azure';

  /** The requests that brought a host a token of ours, of whatever kind. */
  const tokensFor = (host: string) =>
    apps.azure.requests.filter(
      ({ host: asked, form }) => asked === host && (form?.has('access_token') || form?.has('refresh_token')),
    );

  it('are none that only the chart names: the error prints the line to add', async () => {
    apps.azure.registry('evil.azurecr.io');
    const pipeline = await apps.jobWith(fromContoso + otherAt('oci://evil.azurecr.io/charts'));

    const step = await saveApp(pipeline, { azureSubscription, dependencyRegistries: loginServer });

    assert.match(
      refusalOf(step),
      /only the chart names: if it may be, add to input dependencyRegistries the line evil\.azurecr\.io\.$/,
    );
    assert.deepEqual(tokensFor('evil.azurecr.io'), []);
  });

  it('are none without the input, not even the one that the chart is full of', async () => {
    const before = apps.azure.requests.length;
    const pipeline = await apps.jobWith(fromContoso);

    const step = await saveApp(pipeline, { azureSubscription });

    assert.match(refusalOf(step), /add to input dependencyRegistries the line contoso\.azurecr\.io\.$/);
    assert.deepEqual(
      apps.azure.requests
        .slice(before)
        .filter(({ host, form }) => host.startsWith('login.') || form?.has('access_token')),
      [],
    );
  });

  it('are none that the chart does not need', async () => {
    apps.azure.registry('unused.azurecr.io');
    const pipeline = await apps.jobWith(fromContoso);

    const step = await saveApp(pipeline, {
      azureSubscription,
      dependencyRegistries: `${loginServer}/helm\nunused.azurecr.io`,
    });

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    assert.deepEqual(tokensFor('unused.azurecr.io'), []);
  });

  it('are asked beside those that give charts to everybody', async () => {
    const open = apps.azure.registry('open.azurecr.io', { anonymousPull: true });
    await apps.seed(open, 'charts', 'other', '2.0.0');
    const pipeline = await apps.jobWith(fromContoso + otherAt('oci://open.azurecr.io/charts'));

    const step = await saveApp(pipeline, { azureSubscription, dependencyRegistries: `oci://${loginServer}` });

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    await assertHolds(step, 'app/charts/other/Chart.yaml');
    assert.deepEqual(tokensFor('open.azurecr.io'), []);
  });

  it('are those of the connection’s own cloud', async () => {
    apps.azure.registry('contoso.azurecr.cn');
    const pipeline = await apps.jobWith(commonAt('oci://contoso.azurecr.cn/helm'));

    const step = await saveApp(pipeline, { azureSubscription, dependencyRegistries: 'contoso.azurecr.cn' });

    assert.match(refusalOf(step), /^The registry contoso\.azurecr\.cn is none of the service connection's cloud/);
    assert.deepEqual(
      apps.azure.requests.filter(({ host }) => host === 'contoso.azurecr.cn'),
      [],
    );
  });

  it('get no Azure Resource Manager token either, where the tenant does not know the registry audience', async () => {
    apps.azure.registry('worse.azurecr.io');
    const { missingResources } = apps.azure.accessTokens;
    missingResources.add(registryAudience);
    const pipeline = await apps.jobWith(fromContoso + otherAt('oci://worse.azurecr.io/charts'));

    const step = await saveApp(pipeline, { azureSubscription, dependencyRegistries: loginServer });

    missingResources.delete(registryAudience);
    assert.match(refusalOf(step), /the line worse\.azurecr\.io\.$/);
    assert.deepEqual(tokensFor('worse.azurecr.io'), []);
  });

  it('may be named in part, which does not stand for the rest', async () => {
    const pipeline = await apps.jobWith(fromContoso + otherAt(`oci://${loginServer}/helmsman`));

    const step = await saveApp(pipeline, { azureSubscription, dependencyRegistries: `${loginServer}/helm` });

    assert.match(
      refusalOf(step),
      /another part of that registry only: .* add the line 'contoso\.azurecr\.io\/helmsman'/,
    );
  });

  it('may not be named in part beside a chart repository, whose index could lead to the rest', async () => {
    const archive = apps.archive('other', '2.0.0');
    const [host, secret] = ['charts.contoso.example', `oci://${loginServer}/secret/other:2.0.0`];
    apps.azure.chartRepository(host, [{ name: 'other', version: '2.0.0', archive, url: secret }]);
    const pipeline = await apps.jobWith(fromContoso + otherAt(`https://${host}`));
    const before = apps.azure.requests.length;

    const step = await saveApp(pipeline, { azureSubscription, dependencyRegistries: `${loginServer}/helm` });

    assert.match(
      refusalOf(step),
      /^The chart depends on https:\/\/charts\.contoso\.example \(Chart\.yaml, dependencies\[1\]\.repository\), a chart repository whose index may lead helm to any part of contoso\.azurecr\.io .* add the line 'contoso\.azurecr\.io'/,
    );
    const asked = apps.azure.requests.slice(before).map(({ path }) => path);
    assert.ok(!asked.some((path) => path.includes('secret')), asked.join('\n'));

    const whole = await apps.jobWith(fromContoso + otherAt('https://more.contoso.example'));
    apps.azure.chartRepository('more.contoso.example', [{ name: 'other', version: '2.0.0', archive }]);
    await assertHolds(
      await saveApp(whole, { azureSubscription, dependencyRegistries: loginServer }),
      'app/charts/other/Chart.yaml',
    );
  });

  for (const [line, reason] of [
    ['contoso', /^Input dependencyRegistries has the line 'contoso'\. .* a name without its suffix/],
    ['https://contoso.azurecr.io', /has the line 'https:\/\/contoso\.azurecr\.io'\. The registry is/],
    ['ghcr.io/contoso', /which is no host of Azure Container Registry/],
    ['contoso.azurecr.io/Helm', /The repository "Helm" is not allowed/],
  ] as const) {
    it(`cannot be ${line}`, async () => {
      const pipeline = await apps.jobWith(fromContoso);
      assert.match(refusalOf(await saveApp(pipeline, { azureSubscription, dependencyRegistries: line })), reason);
    });
  }

  it('are that of a Docker registry connection alone', async () => {
    const connections = [dockerConnection(loginServer, puller.username, puller.password)];
    const pipeline = await apps.jobWith(fromContoso, { connections });

    const step = await saveApp(pipeline, {
      containerRegistry: 'contoso-docker',
      dependencyRegistries: 'fabrikam.azurecr.io',
    });

    assert.match(refusalOf(step), /^The Docker registry connection is for contoso\.azurecr\.io, not for fabrikam/);
  });
});
