// What can't be built or pulled as the file has it.
import type { Problem } from '../../../../problem.ts'
import type { BuildSpec } from '../../../../system/build.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { contextOf, dockerfileOf, isBuilt } from '../build.ts'
import type { Context } from '../context.ts'
import { isSaid } from '../dispositions/row.ts'
import { remark } from '../dispositions.ts'
import { toPlatform } from '../image.ts'

export function checkImage(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  const { build, image, pullPolicy } = service
  const problems: Problem[] = []
  if (build && isBuilt(service, context)) problems.push(...checkBuild(`${path}.build`, build, context))
  else if (build) {
    const message = `The files of the build did not come with the request, so \`${image}\` is taken: send them along to build it.`
    problems.push(remark('NOT_BUILT_HERE', `${path}.build`, message))
  }
  if (pullPolicy?.when === 'refresh') {
    const message = `Nothing is pulled by the clock: the image of \`${name}\` is looked up at every start.`
    problems.push(remark('PULLED_ALWAYS', `${path}.pull_policy`, message))
  }
  return [...problems, ...checkPlatform(name, service, context)]
}

/** On an engine a reference means one image at a time. */
function checkPlatform(name: string, { image, platform }: ServiceSpec, { spec }: Context): Problem[] {
  if (image === '') return []
  const first = Object.entries(spec.services).find(([, other]) => other.image === image)
  if (!first || first[0] === name || toPlatform(first[1].platform) === toPlatform(platform)) return []
  const message = `\`${image}\` is for another platform in \`${first[0]}\`, and an engine has one of them at a time: name it by its digest.`
  return [remark('PLATFORMS_DIFFER', `services.${name}.platform`, message)]
}

function checkBuild(path: string, build: BuildSpec, context: Context): Problem[] {
  return [
    ...checkContext(path, build, context),
    ...checkSubKeys(path, build),
    ...checkWithoutEffect(path, build),
    ...checkPolicy(path, build, context),
  ]
}

function checkContext(path: string, build: BuildSpec, context: Context): Problem[] {
  const { context: folder } = build
  if (folder !== null && /^(?:[a-z+]+:\/\/|git@|github\.com\/)/.test(folder)) {
    const message = `\`${folder}\` is not fetched: send the files of the build along, and name their folder.`
    return [remark('NOT_ON_DOCKER', `${path}.context`, message)]
  }
  const files = contextOf(build, context)
  if (files === null) {
    const message = `No file of the folder \`${folder}\` came with the request: send those that the build needs along.`
    return [remark('FILE_NOT_SENT', `${path}.context`, message)]
  }
  const dockerfile = dockerfileOf(build)
  if (build.dockerfileInline !== null || files[dockerfile] !== undefined) return []
  const message = `\`${dockerfile}\` is not among the files that came with the request for \`${folder}\`: send it along, in this folder.`
  return [remark('FILE_NOT_SENT', `${path}.dockerfile`, message)]
}

/** The engine's builder over its API is the classic one. */
function checkSubKeys(path: string, build: BuildSpec): Problem[] {
  const asked: [string, unknown][] = [
    ['additional_contexts', build.additionalContexts],
    ['secrets', build.secrets],
    ['ssh', build.ssh],
    ['platforms', build.platforms.length > 1],
    ['privileged', build.privileged],
    ['entitlements', build.entitlements],
    ['isolation', build.isolation !== 'default' && build.isolation],
  ]
  return asked
    .filter(([, value]) => isSaid(value))
    .map(([key]) => {
      const message = `\`${key}\` is of BuildKit, which is not used here: remove it, or build the image elsewhere and name it in \`image\`.`
      return remark('NOT_ON_DOCKER', `${path}.${key}`, message)
    })
}

function checkWithoutEffect(path: string, build: BuildSpec): Problem[] {
  const problems: Problem[] = []
  for (const [key, value] of [
    ['cache_to', build.cacheTo],
    ['provenance', build.provenance],
    ['sbom', build.sbom],
  ] as const)
    if (isSaid(value))
      problems.push(remark('NO_EFFECT', `${path}.${key}`, `\`${key}\` has no effect: it is of BuildKit.`))
  if (build.tags.length > 0) {
    const message =
      "The image is the system's own: it gets none of these names, which would be everybody's on the engine."
    problems.push(remark('NOT_APPLIED', `${path}.tags`, message))
  }
  return problems
}

/** What is built is none of the images that an operator has allowed by name. */
function checkPolicy(path: string, { network }: BuildSpec, { policy }: Context): Problem[] {
  const problems: Problem[] = []
  if (policy.images !== null) {
    const message = `The operator allows images like ${policy.images.join(', ') || 'none'}, and none that is built: name one of them in \`image\`.`
    problems.push(remark('IMAGE_NOT_ALLOWED', path, message))
  }
  if (network === 'host' && !policy.allow.includes('host_network')) {
    const message = '`network: host` reaches into the machine, which the operator does not allow: remove it.'
    problems.push(remark('NOT_ALLOWED', `${path}.network`, message))
  }
  return problems
}
