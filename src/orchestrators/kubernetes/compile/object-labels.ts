// Labels of objects and pods, and the selectors that find a service's pods.
import type { SystemIdentity } from '../../../system/spec.ts'
import { LABEL, MANAGER } from '../labels.ts'
import { toObjectName } from './names.ts'

type Labels = Record<string, string>

/**
 * Labels of a service's objects and pods: Kubernetes' recommended ones
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/) and Tycho's own.
 */
export function toServiceLabels(identity: SystemIdentity, service: string): Labels {
  return {
    [LABEL.name]: service,
    [LABEL.instance]: toObjectName(identity.name, service),
    ...toCommonLabels(identity),
    [LABEL.service]: service,
  }
}

/** Labels of an object that belongs to the system as a whole. */
export function toSystemLabels(identity: SystemIdentity): Labels {
  return { [LABEL.name]: identity.name, [LABEL.instance]: identity.name, ...toCommonLabels(identity) }
}

/** Selects the pods of one service of this incarnation. */
export function toServiceSelector(identity: SystemIdentity, service: string): Labels {
  return { [LABEL.sid]: identity.sid, [LABEL.service]: service }
}

/** Selects all pods of this incarnation. */
export function toSystemSelector(identity: SystemIdentity): Labels {
  return { [LABEL.sid]: identity.sid }
}

function toCommonLabels(identity: SystemIdentity): Labels {
  return {
    [LABEL.partOf]: identity.name,
    [LABEL.managedBy]: MANAGER,
    [LABEL.tenant]: identity.tenant,
    [LABEL.system]: identity.name,
    [LABEL.sid]: identity.sid,
  }
}
