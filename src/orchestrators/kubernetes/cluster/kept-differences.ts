// In what a kept object, a claim, is not what the file asks for, and can't become it. Pure.
import type { Problem } from '../../../problem.ts'
import type { Desired } from './desired.ts'
import type { KubeObject } from './objects.ts'
import { toTree } from './tree.ts'

const FIELDS = {
  size: 'spec.resources.requests.storage',
  storageClass: 'spec.storageClassName',
} as const

/** The size to which the claim is to grow; null: it has what is asked for, or more. */
export function growthOf(desired: Desired, live: KubeObject): string | null {
  const wanted = sizeOf(desired.body.spec)
  const has = sizeOf(live.spec)
  if (wanted === null || wanted === has || desired.assumed.includes(FIELDS.size)) return null
  return has !== null && toBytes(wanted) <= toBytes(has) ? null : wanted
}

/** Warnings about what stays as it is. What the file does not say is no difference. */
export function keptDifferences(desired: Desired, live: KubeObject): Problem[] {
  return [
    ...sizeDifference(desired, live),
    ...classDifference(desired, live),
    ...modeDifference(desired, live),
  ]
}

function sizeDifference(desired: Desired, live: KubeObject): Problem[] {
  const [wanted, has] = [sizeOf(desired.body.spec), sizeOf(live.spec)]
  if (wanted === null || has === null || desired.assumed.includes(FIELDS.size)) return []
  return toBytes(wanted) < toBytes(has) ? [kept(desired, `has ${has} and can't become smaller`)] : []
}

/** A claim without a class gets the cluster's default, which is then in the live one. */
function classDifference(desired: Desired, live: KubeObject): Problem[] {
  const wanted = toTree(desired.body.spec).storageClassName
  const has = toTree(live.spec).storageClassName ?? ''
  if (wanted === undefined || wanted === has || desired.assumed.includes(FIELDS.storageClass)) return []
  return [kept(desired, `is of the storage class \`${has}\`, which can't be changed`)]
}

/** What can be mounted on many nodes can be mounted on one. */
function modeDifference(desired: Desired, live: KubeObject): Problem[] {
  const [wanted] = modesOf(desired.body.spec)
  const has = modesOf(live.spec)
  if (wanted === undefined || wanted === 'ReadWriteOnce' || has.includes(wanted)) return []
  return [kept(desired, `has the access mode ${has.join(', ')} and not ${wanted}, which can't be changed`)]
}

function kept({ target }: Desired, what: string): Problem {
  const message = `The claim \`${target.name}\` ${what}: it stays so until it is deleted with all that is in it (\`volumes=true\`).`
  return { code: 'VOLUME_KEPT_AS_IS', severity: 'warning', path: target.composePath ?? '', message }
}

function sizeOf(spec: unknown): string | null {
  const size = toTree(toTree(toTree(spec).resources).requests).storage
  return typeof size === 'string' ? size : null
}

function modesOf(spec: unknown): string[] {
  const modes = toTree(spec).accessModes
  return Array.isArray(modes) ? modes.map(String) : []
}

const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ ; NaN for another form. */
function toBytes(quantity: string): number {
  const [, number = '', unit = '', binary] = /^([0-9.]+(?:e[0-9]+)?)([kKMGTPE]?)(i?)$/.exec(quantity) ?? []
  const power = UNITS.indexOf(unit === 'K' ? 'k' : unit)
  return Number.parseFloat(number) * (binary ? 1024 : 1000) ** power
}
