// Compiled pods against Kubernetes' own rules of pod security
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/), sample by sample.
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { listSamples, readSample } from './golden.ts'
import { identity } from './specs.ts'

type Security = {
  privileged?: boolean
  allowPrivilegeEscalation?: boolean
  runAsNonRoot?: boolean
  runAsUser?: number
  capabilities?: { add?: string[]; drop?: string[] }
  seccompProfile?: { type: string }
}
type Container = { securityContext?: Security; ports?: { hostPort?: number }[] }
type PodSpec = {
  hostNetwork?: boolean
  hostPID?: boolean
  hostIPC?: boolean
  volumes?: Record<string, unknown>[]
  initContainers?: Container[]
  containers: Container[]
}

const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
])

const containersOf = (pod: PodSpec) => [...(pod.initContainers ?? []), ...pod.containers]

function keepsBaseline(pod: PodSpec): boolean {
  const isOwn = !pod.hostNetwork && !pod.hostPID && !pod.hostIPC
  const hasNoPath = (pod.volumes ?? []).every((volume) => !('hostPath' in volume))
  return (
    isOwn &&
    hasNoPath &&
    containersOf(pod).every(({ securityContext: security = {}, ports = [] }) => {
      const isPlain = !security.privileged && security.seccompProfile?.type !== 'Unconfined'
      return isPlain && !security.capabilities?.add && ports.every(({ hostPort }) => hostPort === undefined)
    })
  )
}

function keepsRestricted(pod: PodSpec): boolean {
  const kinds = (pod.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'))
  return (
    kinds.every((kind) => VOLUMES.has(kind)) &&
    containersOf(pod).every(({ securityContext: security }) => {
      const { drop = [], add = [] } = security?.capabilities ?? {}
      const hasFew = drop.includes('ALL') && add.every((one) => one === 'NET_BIND_SERVICE')
      const isUser = security?.runAsNonRoot === true && security.runAsUser !== 0
      return (
        hasFew &&
        isUser &&
        security?.allowPrivilegeEscalation === false &&
        security.seccompProfile?.type === 'RuntimeDefault'
      )
    })
  )
}

function podsOf(spec: SystemSpec): { service: string; pod: PodSpec }[] {
  const { stages, problems } = compile({ identity, spec, exposure: 'nodePort' })
  const told = problems.filter(({ code }) => code === 'POD_SECURITY_BASELINE').map(({ path }) => path)
  const bodies = stages.flatMap(({ manifests }) => manifests.map(({ body }) => Object(body)))
  return bodies.flatMap((body) => {
    const pod = body.spec?.template?.spec ?? body.spec?.jobTemplate?.spec?.template?.spec
    const service = body.metadata.labels['tycho.io/service']
    const isTold = told.some((path) => `${path}.`.startsWith(`services.${service}.`))
    return pod ? [{ service: `${service}${isTold ? ' (told)' : ''}`, pod }] : []
  })
}

describe.each(await listSamples())('the pods of samples/%s.yml', (name) => {
  test('keep baseline, and restricted unless it is told that they do not', async () => {
    for (const { service, pod } of podsOf(await readSample(name))) {
      expect([service, keepsBaseline(pod)]).toEqual([service, true])
      expect([service, keepsRestricted(pod)]).toEqual([service, !service.endsWith('(told)')])
    }
  })
})
