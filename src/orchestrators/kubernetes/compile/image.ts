// Where the image comes from and what machine it is for.
import type { V1Container } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

/** Docker's and uname's names of processors, in Go's words, which node labels have. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: '386',
}

/** Left out where the file says nothing: Kubernetes then pulls `latest` always and others once, as Compose does. */
export function toPullPolicy({ pullPolicy }: ServiceSpec): V1Container['imagePullPolicy'] | undefined {
  switch (pullPolicy?.when) {
    case 'always':
    case 'refresh':
      return 'Always'
    case 'never':
      return 'Never'
    case 'missing':
      return 'IfNotPresent'
    default:
      return undefined
  }
}

export function toNodeSelector({ platform }: ServiceSpec): Record<string, string> | undefined {
  if (!platform) return undefined
  const { os, architecture } = platform
  return {
    ...(os !== null && { 'kubernetes.io/os': os }),
    ...(architecture !== null && { 'kubernetes.io/arch': ARCHITECTURES[architecture] ?? architecture }),
  }
}

export function checkImage(name: string, { image, build, pullPolicy, platform }: ServiceSpec): Problem[] {
  const path = `services.${name}`
  const problems: Problem[] = []
  if (build && image !== '')
    problems.push(remark('NOT_BUILT_HERE', `${path}.build`, `\`${image}\` is pulled, not built here.`))
  if (build && image === '') {
    const message = `Nothing is built here: build the image of \`${name}\`, push it to a registry, and name it in \`image\`.`
    problems.push(remark('IMAGE_REQUIRED', `${path}.build`, message))
  }
  if (pullPolicy?.when === 'build') {
    const message = `Nothing is built here: leave \`pull_policy\` out, and push the image of \`${name}\` to a registry.`
    problems.push(remark('IMAGE_REQUIRED', `${path}.pull_policy`, message))
  }
  if (pullPolicy?.when === 'refresh') {
    const message = `Kubernetes does not pull by the clock: the image of \`${name}\` is looked up at every start of a pod.`
    problems.push(remark('PULLED_ALWAYS', `${path}.pull_policy`, message))
  }
  if (platform?.variant) {
    const message = `Nodes are not labelled with the variant \`${platform.variant}\`: \`${name}\` may come to another one.`
    problems.push(remark('VARIANT_IGNORED', `${path}.platform`, message))
  }
  return problems
}
