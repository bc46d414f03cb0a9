// How an image is built, by the engine's own builder.
import { becomes } from './row.ts'

const BUILDKIT = { NOT_ON_DOCKER: 'error' } as const

export const BUILD_ROWS = {
  'services.*.build': becomes("an image of the system's own, built from the request's files", {
    NOT_BUILT_HERE: 'ignore+info',
    FILE_NOT_SENT: 'error',
    NOT_ON_DOCKER: 'error',
    IMAGE_NOT_ALLOWED: 'policy',
  }),
  'services.*.build.context': becomes('the files of the build', {
    FILE_NOT_SENT: 'error',
    NOT_ON_DOCKER: 'error',
  }),
  'services.*.build.dockerfile': becomes('dockerfile of the build', { FILE_NOT_SENT: 'error' }),
  'services.*.build.tags': becomes("nothing: a name would be everybody's on the engine", {
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.build.network': becomes('networkmode of the build', { NOT_ALLOWED: 'policy' }),
  'services.*.build.additional_contexts': becomes('nothing: an error', BUILDKIT),
  'services.*.build.secrets': becomes('nothing: an error', BUILDKIT),
  'services.*.build.ssh': becomes('nothing: an error', BUILDKIT),
  'services.*.build.cache_to': becomes('nothing: the engine keeps what it has built', {
    NO_EFFECT: 'ignore+info',
  }),
  'services.*.build.platforms': becomes('platform of the build, where it is one', BUILDKIT),
  'services.*.build.privileged': becomes('nothing: an error', BUILDKIT),
  'services.*.build.entitlements': becomes('nothing: an error', BUILDKIT),
  'services.*.build.isolation': becomes('nothing: it is of Windows', BUILDKIT),
  'services.*.build.provenance': becomes('nothing: the engine keeps no attestations', {
    NO_EFFECT: 'ignore+info',
  }),
  'services.*.build.sbom': becomes('nothing: the engine keeps no attestations', { NO_EFFECT: 'ignore+info' }),
} as const
