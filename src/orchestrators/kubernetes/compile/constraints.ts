// Docker's placement constraints, read as requirements of node labels
// (https://docs.docker.com/reference/cli/docker/service/create/#constraint).
import type { V1NodeSelectorRequirement } from '@kubernetes/client-node'
import { toArchitecture } from './image.ts'

const CONSTRAINT = /^\s*([^\s=!]+)\s*(==|!=)\s*(.*?)\s*$/
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

const NODE_LABELS = 'node.labels.'
/** Every node of a control plane has it (KEP-2067, since 1.20). */
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane'

/** The requirement, or what is wrong with the text. */
export function parseConstraint(text: string): V1NodeSelectorRequirement | string {
  const match = CONSTRAINT.exec(text)
  if (!match) return 'a constraint is `key == value` or `key != value`'
  const [, key = '', operator, value = ''] = match
  const isEqual = operator === '=='
  if (key === 'node.role') return toRole(value, isEqual)
  const label = toLabel(key)
  if (label === null) return `Kubernetes knows no \`${key}\` of a node: use \`node.labels.<name>\``
  const wanted = key === 'node.platform.arch' ? toArchitecture(value) : value
  if (!KEY.test(label) || !VALUE.test(wanted)) return 'no label of a node can be so'
  return { key: label, operator: isEqual ? 'In' : 'NotIn', values: [wanted] }
}

function toRole(role: string, isEqual: boolean): V1NodeSelectorRequirement | string {
  if (role !== 'manager' && role !== 'worker') return 'a role is `manager` or `worker`'
  return { key: CONTROL_PLANE, operator: (role === 'manager') === isEqual ? 'Exists' : 'DoesNotExist' }
}

/** Labels of engines, and ids, are Docker's alone. */
function toLabel(key: string): string | null {
  if (key.startsWith(NODE_LABELS)) return key.slice(NODE_LABELS.length)
  switch (key) {
    case 'node.hostname':
      return 'kubernetes.io/hostname'
    case 'node.platform.os':
      return 'kubernetes.io/os'
    case 'node.platform.arch':
      return 'kubernetes.io/arch'
    default:
      return null
  }
}

/** The label over whose values copies are spread; null for what is no label of nodes. */
export function toSpreadKey(text: string): string | null {
  const label = toLabel(text.trim())
  return label !== null && KEY.test(label) ? label : null
}
