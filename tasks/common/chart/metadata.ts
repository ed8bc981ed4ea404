/**
 * Chart.yaml as Helm reads it. Names are those of the file. Optional fields that are empty are left out, and texts are
 * cleaned as Helm cleans them, so that the same chart gives the same metadata whoever reads it.
 */
export interface ChartMetadata {
  apiVersion: 'v1' | 'v2';
  name: string;
  version: string;
  type?: 'application' | 'library';
  appVersion?: string;
  kubeVersion?: string;
  description?: string;
  home?: string;
  icon?: string;
  condition?: string;
  tags?: string;
  keywords?: string[];
  sources?: string[];
  maintainers?: ChartMaintainer[];
  annotations?: Record<string, string>;
  deprecated?: true;
  dependencies?: ChartDependency[];
}

export interface ChartMaintainer {
  name?: string;
  email?: string;
  url?: string;
}

export interface ChartDependency {
  name: string;
  version?: string;
  repository?: string;
  condition?: string;
  tags?: string[];
  enabled?: true;
  alias?: string;
  /** Texts and mappings, as they stand in the file. */
  'import-values'?: unknown[];
}
