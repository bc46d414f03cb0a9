// What a service mounts.
import { becomes } from './row.ts'

const GRANTED = { NOT_APPLIED: 'map+warn' } as const

export const STORAGE_ROWS = {
  'services.*.volumes': becomes('volumes[] and volumeMounts[]', {
    NOT_ON_KUBERNETES: 'error',
    NOT_ALLOWED: 'policy',
    FILE_NOT_SENT: 'error',
    OBJECT_TOO_LARGE: 'error',
    FILES_READ_ONLY: 'map+warn',
    ANONYMOUS_VOLUME: 'map+info',
    VOLUME_BEGINS_EMPTY: 'map+warn',
  }),
  'services.*.volumes[].tmpfs': becomes('an emptyDir in memory', { TMPFS_OPTIONS_IGNORED: 'map+warn' }),
  'services.*.tmpfs': becomes('an emptyDir in memory', { TMPFS_OPTIONS_IGNORED: 'map+warn' }),
  'services.*.shm_size': becomes('an emptyDir in memory at /dev/shm', {}),
  'services.*.volumes_from': becomes('the volumes[] and volumeMounts[] of the other service', {
    NOT_ON_KUBERNETES: 'error',
    VOLUME_NOT_SHARED: 'map+warn',
  }),
  'services.*.configs': becomes('a ConfigMap and volumeMounts[]', GRANTED),
  'services.*.secrets': becomes('a Secret and volumeMounts[]', GRANTED),
  'services.*.storage_opt': becomes('resources.limits.ephemeral-storage', { NOT_APPLIED: 'map+warn' }),
} as const
