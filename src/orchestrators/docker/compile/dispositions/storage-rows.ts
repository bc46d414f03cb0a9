// What a service mounts.
import { becomes } from './row.ts'

const GRANTED = { USER_BY_NAME: 'error' } as const

export const STORAGE_ROWS = {
  'services.*.volumes': becomes('Mounts and Binds; files of the request: a volume that holds them', {
    NOT_ON_DOCKER: 'error',
    NOT_ALLOWED: 'policy',
    FILE_NOT_SENT: 'error',
    FILES_ARE_COPIES: 'map+info',
    ANONYMOUS_VOLUME: 'map+info',
    VOLUME_NOT_MADE: 'map+info',
  }),
  'services.*.volumes[].consistency': becomes('nothing: files are the same for all here', {
    NO_EFFECT: 'ignore+info',
  }),
  'services.*.volumes[].tmpfs': becomes('Tmpfs', {}),
  'services.*.tmpfs': becomes('Tmpfs', {}),
  'services.*.shm_size': becomes('ShmSize', {}),
  'services.*.volumes_from': becomes('VolumesFrom', { NOT_ON_DOCKER: 'error' }),
  'services.*.configs': becomes('a file in a volume, and a mount of it', GRANTED),
  'services.*.secrets': becomes('a file in a volume, and a mount of it', GRANTED),
  'services.*.storage_opt': becomes('StorageOpt, where the storage driver has quotas', {
    NOT_APPLIED: 'map+warn',
  }),
} as const
