// What runs, who it is and how it begins and ends.
import { becomes, impossible, noEffect } from './row.ts'

const LOADED = 'what it says is part of the file once that is loaded'

export const RUN_ROWS = {
  'services.*': becomes('a container for each copy; the name: its name, labels and alias on its networks', {
    INVALID_SERVICE_NAME: 'error',
    NAME_TWICE: 'error',
  }),
  'services.*.image': becomes('Image', { IMAGE_NOT_ALLOWED: 'policy', PLATFORMS_DIFFER: 'error' }),
  'services.*.command': becomes('Cmd', { COMMAND_CLEARED: 'error' }),
  'services.*.entrypoint': becomes('Entrypoint', { ENTRYPOINT_CLEARED: 'error' }),
  'services.*.working_dir': becomes('WorkingDir', {}),
  'services.*.user': becomes('User', { NOT_ALLOWED: 'policy' }),
  'services.*.group_add': becomes('GroupAdd', {}),
  'services.*.environment': becomes('Env', {}),
  'services.*.env_file': becomes(LOADED, {}),
  'services.*.label_file': becomes(LOADED, {}),
  'services.*.extends': becomes(LOADED, {}),
  'services.*.profiles': becomes(LOADED, {}),
  'services.*.platform': becomes('platform of the pull and of the build', { PLATFORMS_DIFFER: 'error' }),
  'services.*.pull_policy': becomes('whether the image is pulled, or built', {
    PULLED_ALWAYS: 'map+info',
    FILE_NOT_SENT: 'error',
  }),
  'services.*.pull_refresh_after': becomes('a pull at each start', { PULLED_ALWAYS: 'map+info' }),
  'services.*.runtime': becomes('Runtime', { NOT_ON_DOCKER: 'error' }),
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
  'services.*.init': becomes('Init', {}),
  'services.*.tty': becomes('Tty', {}),
  'services.*.stdin_open': becomes('OpenStdin', {}),
  'services.*.stop_signal': becomes('StopSignal', {}),
  'services.*.stop_grace_period': becomes('StopTimeout', { DURATION_ROUNDED: 'map+info' }),
  'services.*.pre_start': becomes('containers that run to their end before the service is made', {
    PRE_START_APART: 'map+warn',
    IMAGE_NOT_ALLOWED: 'policy',
    NOT_ALLOWED: 'policy',
  }),
  'services.*.post_start': becomes('an exec in the container after its start', { NOT_ALLOWED: 'policy' }),
  'services.*.pre_stop': becomes('an exec in the container before it is stopped', { NOT_ALLOWED: 'policy' }),
  'services.*.labels': becomes('Labels', {
    LABEL_IGNORED: 'map+warn',
    KOMPOSE_LABEL_IGNORED: 'ignore+info',
    SCHEDULE_IGNORED: 'map+warn',
  }),
  'services.*.annotations': becomes('Annotations, from API 1.43 on', { NO_EFFECT: 'ignore+info' }),
  'services.*.restart': becomes('RestartPolicy', {}),
  'services.*.scale': becomes('as deploy.replicas', { NO_COPIES: 'map+info' }),
  'services.*.healthcheck': becomes('Healthcheck; nothing of the image either where it is disabled', {}),
  'services.*.healthcheck.start_interval': becomes('Healthcheck.StartInterval, from API 1.44 on', {
    START_INTERVAL_IGNORED: 'ignore+info',
  }),
  'services.*.depends_on': becomes('stages: what it names is made before', {}),
  'services.*.depends_on.*.condition': becomes('requirements of the stage', {
    DEPENDENCY_NEVER_COMPLETES: 'error',
    HEALTHY_WITHOUT_HEALTHCHECK: 'map+warn',
  }),
  'services.*.depends_on.*.required': becomes('the order of stages without a requirement', {
    OPTIONAL_DEPENDENCY: 'map+warn',
  }),
  'services.*.depends_on.*.restart': becomes('a part of the hash of the container', {}),
  'services.*.logging': becomes('LogConfig, for drivers that keep the lines on the machine', {
    NOT_APPLIED: 'map+warn',
    LOGS_NOT_KEPT: 'map+warn',
  }),
  'services.*.attach': noEffect(
    'attach',
    'what a service prints is read with `tycho logs`',
    ({ attach }) => attach !== null,
  ),
  'services.*.develop': noEffect(
    'develop',
    'nothing is watched where a request comes from elsewhere',
    ({ develop }) => develop !== null,
  ),
  'services.*.provider': impossible(
    'provider',
    'runs a program of your machine, which is not here: run it as a service',
    ({ provider }) => provider,
  ),
  'services.*.models': impossible(
    'models',
    'has no endpoint that the operator gives: run the model as a service, and set its URL in `environment`',
    ({ models }) => models,
  ),
  'services.*.use_api_socket': impossible(
    'use_api_socket',
    "asks for the engine's socket with your credentials, which are not here: remove it",
    ({ useApiSocket }) => useApiSocket,
  ),
  'services.*.x-k8s': becomes('nothing: it is for Kubernetes', {
    EXTENSION_IGNORED: 'ignore+info',
    SCHEDULE_IGNORED: 'map+warn',
  }),
  'services.*.ext': becomes('nothing: it is for Kubernetes', { EXTENSION_IGNORED: 'ignore+info' }),
} as const
