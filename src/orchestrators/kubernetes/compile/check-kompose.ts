// Kompose's labels that say nothing that could be done.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toExposure } from './exposure.ts'
import { KOMPOSE, KOMPOSE_DEPLOY } from './kompose.ts'
import { KOMPOSE_ROWS } from './kompose-rows.ts'
import { quantity } from './kompose-values.ts'

/** A label that is nothing without another one. */
const NEEDS: readonly [label: string, ...others: string[]][] = [
  [KOMPOSE.livenessPath, KOMPOSE.livenessPort],
  [KOMPOSE.readinessPath, KOMPOSE.readinessPort],
  [KOMPOSE.initName, KOMPOSE.initImage],
  [KOMPOSE.initCommand, KOMPOSE.initImage],
]

const TIMINGS = [
  KOMPOSE.readinessInterval,
  KOMPOSE.readinessTimeout,
  KOMPOSE.readinessRetries,
  KOMPOSE.readinessStart,
]

/** `service`: as the labels have changed it. */
export function checkKompose(name: string, service: ServiceSpec, context: Context): Problem[] {
  const { labels } = service
  const path = `services.${name}.labels`
  return [
    ...KOMPOSE_ROWS.flatMap(({ label, expects, isRead }) => {
      const given = labels[label]
      if (given === undefined || isRead(given)) return []
      return [invalid(`${path}.${label}`, `\`${given}\` is not what it must be: ${expects}.`)]
    }),
    ...NEEDS.flatMap(([label, other = '']) => {
      if (!(label in labels) || other in labels) return []
      return [invalid(`${path}.${label}`, `It is nothing without the label \`${other}\`: add that.`)]
    }),
    ...checkIngress(path, name, service, context),
    ...checkTimings(path, service),
    ...checkVolumeType(path, service),
    ...checkStorage(`services.${name}.deploy.labels`, service),
  ]
}

/** A host at a port, or the request, ask for an Ingress as well. */
function checkIngress(path: string, name: string, service: ServiceSpec, context: Context): Problem[] {
  if (toExposure(name, service, context) === 'ingress') return []
  const given = [KOMPOSE.tlsSecret, KOMPOSE.ingressClass].filter((label) => label in service.labels)
  const message = `It is of an Ingress, which nothing asks for: add the label \`${KOMPOSE.expose}\`.`
  return given.map((label) => invalid(`${path}.${label}`, message))
}

function checkTimings(path: string, { labels, healthcheck }: ServiceSpec): Problem[] {
  if (healthcheck || KOMPOSE.readinessOff in labels) return []
  const given = TIMINGS.filter((label) => label in labels)
  return given.map((label) =>
    invalid(`${path}.${label}`, 'It is nothing without a healthcheck: add one, or say what is asked for.'),
  )
}

/** Paths of the machine and files of the request are what they are by their names already. */
function checkVolumeType(path: string, { labels }: ServiceSpec): Problem[] {
  const type = labels[KOMPOSE.volumeType]
  if (type === undefined || !/^(?:hostpath|configmap)$/i.test(type)) return []
  const message = `A path of the machine is a hostPath, and files of the request are a ConfigMap, without it: \`${type}\` changes no volume.`
  return [remark('KOMPOSE_LABEL_IGNORED', `${path}.${KOMPOSE.volumeType}`, message)]
}

function checkStorage(path: string, { deploy }: ServiceSpec): Problem[] {
  return Object.values(KOMPOSE_DEPLOY).flatMap((label) => {
    const given = deploy.labels[label]
    if (given === undefined || quantity(given) !== undefined) return []
    return [invalid(`${path}.${label}`, `\`${given}\` is no size: write it as \`10Gi\`.`)]
  })
}

function invalid(path: string, message: string): Problem {
  return remark('INVALID_KOMPOSE_LABEL', path, message)
}
