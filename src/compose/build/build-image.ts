// `build` in the model (specification, "Compose Build Specification").
import type { BuildSpec } from '../../system/build.ts'
import { ulimitsOf } from './build-machine.ts'
import { grantsAt } from './build-mounts.ts'
import { extraHostsOf } from './build-network.ts'
import type { Reader } from './reader.ts'

export function buildImage(service: Reader): BuildSpec | null {
  if (!service.has('build')) return null
  const build = service.below('build')
  if (build.has('dockerfile') && build.has('dockerfile_inline')) {
    const message = '`dockerfile` and `dockerfile_inline` exclude each other: give one of them.'
    const { reporter } = build.context
    reporter.report({ code: 'CONFLICTING_KEYS', path: `${build.path}.dockerfile_inline`, message })
  }
  return {
    context: build.text('context'),
    dockerfile: build.text('dockerfile'),
    dockerfileInline: build.text('dockerfile_inline'),
    target: build.text('target'),
    args: build.variables('args'),
    additionalContexts: build.textMap('additional_contexts'),
    labels: build.textMap('labels'),
    tags: build.texts('tags'),
    platforms: build.texts('platforms'),
    secrets: grantsAt(build, 'secrets'),
    ssh: build.textMap('ssh'),
    cacheFrom: build.texts('cache_from'),
    cacheTo: build.texts('cache_to'),
    noCache: build.boolean('no_cache') ?? false,
    pull: build.boolean('pull') ?? false,
    network: build.text('network'),
    shmSizeBytes: build.bytes('shm_size'),
    extraHosts: extraHostsOf(build),
    isolation: build.text('isolation'),
    privileged: build.boolean('privileged') ?? false,
    entitlements: build.texts('entitlements'),
    ulimits: ulimitsOf(build),
    provenance: build.text('provenance'),
    sbom: build.text('sbom'),
  }
}
