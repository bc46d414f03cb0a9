// Kubernetes objects as they come over the wire: plain data, of which only what is read here is typed.

export type OwnerReference = {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export type ManagedFields = {
  manager?: string
  operation?: string
  time?: string
  subresource?: string
  [key: string]: unknown
}

export type ObjectMeta = {
  name: string
  namespace?: string
  uid: string
  resourceVersion: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  managedFields?: ManagedFields[]
}

export type KubeObject = {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
  /** Of a ConfigMap or a Secret. */
  data?: Record<string, unknown>
  binaryData?: Record<string, unknown>
}

export type KubeList = {
  metadata?: { resourceVersion?: string; continue?: string }
  items?: KubeObject[] | null
}

/** The answer to a refused request (`v1.Status`). */
export type KubeStatus = {
  kind?: string
  code?: number
  reason?: string
  message?: string
  details?: {
    name?: string
    kind?: string
    retryAfterSeconds?: number
    causes?: { field?: string; message?: string }[]
  }
}
