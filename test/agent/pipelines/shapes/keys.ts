const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** The keys that each place of a pipeline may have. */
export const keys = {
  root: words(
    'name trigger pr schedules resources parameters variables pool stages jobs steps extends lockBehavior appendCommitMessageToRunName container services workspace strategy continueOnError timeoutInMinutes cancelTimeoutInMinutes dependsOn condition',
  ),
  stage: words(
    'stage displayName dependsOn condition variables jobs pool lockBehavior trigger isSkippable group templateContext',
  ),
  job: words(
    'job displayName dependsOn condition strategy continueOnError timeoutInMinutes cancelTimeoutInMinutes variables pool container services workspace uses steps templateContext',
  ),
  deployment: words(
    'deployment displayName dependsOn condition strategy environment continueOnError timeoutInMinutes cancelTimeoutInMinutes variables pool container services workspace uses templateContext',
  ),
  trigger: words('batch branches paths tags enabled'),
  pr: words('autoCancel branches paths drafts enabled'),
  environment: words('name resourceName resourceId resourceType tags'),
  strategies: {
    runOnce: words('preDeploy deploy routeTraffic postRouteTraffic on'),
    rolling: words('maxParallel preDeploy deploy routeTraffic postRouteTraffic on'),
    canary: words('increments preDeploy deploy routeTraffic postRouteTraffic on'),
  } as Readonly<Record<string, ReadonlySet<string>>>,
  hooks: words('preDeploy deploy routeTraffic postRouteTraffic'),
  hook: words('steps pool'),
  on: words('failure success'),
  step: words(
    'displayName name condition continueOnError enabled env timeoutInMinutes target retryCountOnTaskFailure inputs',
  ),
} as const;

/** What a step's first key may be, and which task it means; the rest of its own keys become inputs. */
export const shortcuts: Readonly<
  Record<string, { readonly task: string; readonly input: string; readonly own: ReadonlySet<string> }>
> = {
  script: { task: 'CmdLine@2', input: 'script', own: words('workingDirectory failOnStderr') },
  bash: { task: 'Bash@3', input: 'script', own: words('workingDirectory failOnStderr') },
  powershell: {
    task: 'PowerShell@2',
    input: 'script',
    own: words(
      'errorActionPreference warningPreference informationPreference verbosePreference debugPreference progressPreference failOnStderr ignoreLASTEXITCODE workingDirectory',
    ),
  },
  pwsh: {
    task: 'PowerShell@2',
    input: 'script',
    own: words(
      'errorActionPreference warningPreference informationPreference verbosePreference debugPreference progressPreference failOnStderr ignoreLASTEXITCODE workingDirectory',
    ),
  },
  checkout: {
    task: '6d15af64-176c-496d-b583-fd2ae21d4df4@1',
    input: 'repository',
    own: words(
      'clean fetchDepth fetchFilter fetchTags lfs submodules path persistCredentials workspaceRepo sparseCheckoutDirectories sparseCheckoutPatterns',
    ),
  },
  publish: { task: 'ecdc45f6-832d-4ad9-b52b-ee49e94659be@1', input: 'path', own: words('artifact') },
  download: { task: '30f35852-3f7e-4c0c-9a88-e127b4f97211@1', input: 'alias', own: words('artifact patterns path') },
};

/** Steps that the service knows and this does not play. */
export const unplayedSteps = words('downloadBuild getPackage reviewApp upload');
