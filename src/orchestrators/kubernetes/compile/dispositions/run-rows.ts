// What runs, who it is and how it begins and ends.
import { becomes, impossible, noEffect } from './row.ts'

const LOADED = 'what it says is part of the file once that is loaded'

export const RUN_ROWS = {
  'services.*': becomes(
    'a Deployment, a DaemonSet, a StatefulSet, a Job or a CronJob; the name: its host name, object name and labels',
    {
      INVALID_SERVICE_NAME: 'error',
      SERVICE_RENAMED: 'map+warn',
      POD_SECURITY_BASELINE: 'map+info',
      DNS_ADDRESS_UNKNOWN: 'map+warn',
      COPIES_OF_POD: 'map+warn',
      SERVICE_NAME_TAKEN: 'error',
      PORTS_REQUIRED: 'error',
      FOUND_BY_ADDRESS: 'map+info',
      SCHEDULE_AND_CONTROLLER: 'error',
    },
  ),
  'services.*.image': becomes('containers[].image', {
    IMAGE_REQUIRED: 'error',
    IMAGE_NOT_ALLOWED: 'policy',
  }),
  'services.*.build': becomes('nothing: the image is taken from its registry', {
    NOT_BUILT_HERE: 'ignore+info',
    IMAGE_REQUIRED: 'error',
  }),
  'services.*.command': becomes('containers[].args', { COMMAND_CLEARED: 'error' }),
  'services.*.entrypoint': becomes('containers[].command', { ENTRYPOINT_CLEARED: 'error' }),
  'services.*.working_dir': becomes('containers[].workingDir', {}),
  'services.*.user': becomes('securityContext.runAsUser and runAsGroup', {
    USER_BY_NAME: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'services.*.group_add': becomes('securityContext.supplementalGroups', { USER_BY_NAME: 'error' }),
  'services.*.environment': becomes('containers[].env[]', { INVALID_VARIABLE_NAME: 'error' }),
  'services.*.env_file': becomes(LOADED, {}),
  'services.*.label_file': becomes(LOADED, {}),
  'services.*.extends': becomes(LOADED, {}),
  'services.*.profiles': becomes(LOADED, {}),
  'services.*.platform': becomes('nodeSelector kubernetes.io/os and kubernetes.io/arch', {
    VARIANT_IGNORED: 'map+warn',
  }),
  'services.*.pull_policy': becomes('imagePullPolicy', {
    PULLED_ALWAYS: 'map+info',
    IMAGE_REQUIRED: 'error',
  }),
  'services.*.pull_refresh_after': becomes('imagePullPolicy Always', { PULLED_ALWAYS: 'map+info' }),
  'services.*.runtime': impossible(
    'runtime',
    'has no runtime class of the same name that the operator gives: remove it',
    ({ runtime }) => runtime !== 'runc' && runtime,
  ),
  'services.*.isolation': impossible(
    'isolation',
    'is of Windows containers only: remove it',
    ({ isolation }) => isolation !== 'default' && isolation,
  ),
  'services.*.credential_spec': impossible(
    'credential_spec',
    'is of Windows containers only: remove it',
    ({ credentialSpec }) => credentialSpec,
  ),
  'services.*.init': noEffect(
    'init',
    'the first process of a pod that is killed takes its children along',
    ({ init }) => init,
  ),
  'services.*.tty': becomes('containers[].tty and stdin', {}),
  'services.*.stdin_open': becomes('containers[].stdin', {}),
  'services.*.stop_signal': becomes(
    'lifecycle.stopSignal from Kubernetes 1.33 on, with os.name; lifecycle.preStop with x-k8s.stopByKill',
    {
      STOP_SIGNAL_GATED: 'map+warn',
      STOP_SIGNAL_IGNORED: 'map+warn',
      INVALID_STOP_SIGNAL: 'error',
    },
  ),
  'services.*.stop_grace_period': becomes('terminationGracePeriodSeconds', { DURATION_ROUNDED: 'map+info' }),
  'services.*.pre_start': becomes('a Job before the workload; initContainers[] with `per_replica`', {
    PRE_START_REORDERED: 'map+warn',
    IMAGE_NOT_ALLOWED: 'policy',
    USER_BY_NAME: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'services.*.post_start': becomes('lifecycle.postStart.exec', { HOOK_AS_CONTAINER: 'map+warn' }),
  'services.*.pre_stop': becomes('lifecycle.preStop.exec', { HOOK_AS_CONTAINER: 'map+warn' }),
  'services.*.labels': becomes(
    'labels and annotations of the pod; those of Kompose: what they ask for, such as a HorizontalPodAutoscaler',
    {
      INVALID_KOMPOSE_LABEL: 'error',
      KOMPOSE_LABEL_IGNORED: 'map+warn',
      LABEL_IGNORED: 'map+warn',
      LOAD_UNKNOWN: 'map+warn',
      NOT_ALLOWED: 'policy',
      IMAGE_NOT_ALLOWED: 'policy',
    },
  ),
  'services.*.annotations': becomes('annotations of the pod', { LABEL_IGNORED: 'map+warn' }),
  'services.*.restart': becomes('the choice between Deployment and Job; restartPolicy and backoffLimit', {
    RESTART_DEFAULT: 'map+info',
    RESTARTS_ALWAYS: 'map+warn',
    SCHEDULE_AND_RESTART: 'error',
  }),
  'services.*.scale': becomes('as deploy.replicas', {}),
  'services.*.healthcheck': becomes('readinessProbe; nothing when it is disabled', {}),
  'services.*.healthcheck.test': becomes('readinessProbe.exec.command', {}),
  'services.*.healthcheck.interval': becomes('readinessProbe.periodSeconds', {
    DURATION_ROUNDED: 'map+info',
  }),
  'services.*.healthcheck.timeout': becomes('readinessProbe.timeoutSeconds', {
    DURATION_ROUNDED: 'map+info',
  }),
  'services.*.healthcheck.retries': becomes('readinessProbe.failureThreshold', {}),
  'services.*.healthcheck.start_period': becomes('nothing: a pod that is not ready yet is left alone', {}),
  'services.*.healthcheck.start_interval': becomes('nothing: a probe has one interval', {
    START_INTERVAL_IGNORED: 'ignore+info',
  }),
  'services.*.depends_on': becomes('stages: what it names is applied before', {
    POD_WAITS_FOR_ITSELF: 'error',
  }),
  'services.*.depends_on.*.condition': becomes('requirements of the stage', {
    DEPENDENCY_NEVER_COMPLETES: 'error',
    HEALTHY_WITHOUT_HEALTHCHECK: 'map+warn',
    STARTED_TOGETHER: 'map+warn',
  }),
  'services.*.depends_on.*.required': becomes('the order of stages without a requirement', {
    OPTIONAL_DEPENDENCY: 'map+warn',
  }),
  'services.*.depends_on.*.restart': becomes(
    'an annotation of the pod template with a hash of the dependency',
    {},
  ),
  'services.*.logging': noEffect(
    'logging',
    'a cluster collects what every pod prints',
    ({ logging }) => logging !== null,
  ),
  'services.*.attach': noEffect(
    'attach',
    'what a service prints is read with `tycho logs`',
    ({ attach }) => attach !== null,
  ),
  'services.*.develop': noEffect(
    'develop',
    'nothing is watched on a cluster',
    ({ develop }) => develop !== null,
  ),
  'services.*.provider': impossible(
    'provider',
    'runs a program of the machine, which a cluster does not have: run it as a service',
    ({ provider }) => provider,
  ),
  'services.*.models': impossible(
    'models',
    'has no endpoint that the operator gives: run the model as a service, and set its URL in `environment`',
    ({ models }) => models,
  ),
  'services.*.use_api_socket': impossible(
    'use_api_socket',
    "asks for Docker's socket, which a cluster does not have: remove it",
    ({ useApiSocket }) => useApiSocket,
  ),
  'services.*.x-k8s': becomes('what Compose has no key for', {
    NOT_SUPPORTED_YET: 'error',
    INVALID_EXTENSION: 'error',
    NOT_ALLOWED: 'policy',
    IMAGE_NOT_ALLOWED: 'policy',
  }),
  'services.*.ext': becomes('probes of the container, as the first Tycho had them', {
    INVALID_EXTENSION: 'error',
  }),
} as const
