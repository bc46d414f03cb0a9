// What a service mounts.
import { becomes, notYet } from './row.ts'

export const STORAGE_ROWS = {
  'services.*.volumes': becomes('volumes[] and volumeMounts[]', {
    NOT_SUPPORTED_YET: 'error',
    NOT_ON_KUBERNETES: 'error',
    ANONYMOUS_VOLUME: 'map+info',
  }),
  'services.*.volumes[].tmpfs': becomes('an emptyDir in memory', { TMPFS_OPTIONS_IGNORED: 'map+warn' }),
  'services.*.tmpfs': becomes('an emptyDir in memory', { TMPFS_OPTIONS_IGNORED: 'map+warn' }),
  'services.*.shm_size': becomes('an emptyDir in memory at /dev/shm', {}),
  'services.*.volumes_from': notYet('volumes_from', 'volumeMounts[]', ({ mountsFrom }) => mountsFrom),
  'services.*.configs': notYet('configs', 'a ConfigMap and volumeMounts[]', ({ configs }) => configs),
  'services.*.secrets': notYet('secrets', 'a Secret and volumeMounts[]', ({ secrets }) => secrets),
  'services.*.storage_opt': becomes('resources.limits.ephemeral-storage', { NOT_APPLIED: 'map+warn' }),
} as const
