import type { ChartDependency, ChartMetadata } from '../chart/metadata/metadata.ts';
import { goJson, goStruct, type GoStruct } from '../go/json.ts';

/**
 * The config blob of a chart in a registry: its metadata as JSON, byte for byte as `helm push` writes it. The members
 * stand in the order of Helm's own structs.
 */
export function chartConfig(metadata: ChartMetadata): Buffer {
  const { name, home, sources, version, description, keywords, maintainers, icon, apiVersion } = metadata;
  const { condition, tags, appVersion, deprecated, annotations, kubeVersion, dependencies, type } = metadata;
  const struct = goStruct({
    name,
    home,
    sources,
    version,
    description,
    keywords,
    maintainers: maintainers?.map((one) => goStruct({ name: one.name, email: one.email, url: one.url })),
    icon,
    apiVersion,
    condition,
    tags,
    appVersion,
    deprecated,
    annotations,
    kubeVersion,
    dependencies: dependencies?.map(dependencyStruct),
    type,
  });
  return Buffer.from(goJson(struct));
}

function dependencyStruct(dependency: ChartDependency): GoStruct {
  const { name, version, repository = '', condition, tags, enabled, alias } = dependency;
  const importValues = dependency['import-values'];
  const members = { name, version, repository, condition, tags, enabled, 'import-values': importValues, alias };
  return goStruct(members, ['name', 'repository']);
}
