// The names under which Tycho marks what is its own; the engine finds everything by them.

/** Labels: on every object and pod. `service` is absent on objects that belong to the system as a whole. */
export const LABEL = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  partOf: 'app.kubernetes.io/part-of',
  managedBy: 'app.kubernetes.io/managed-by',
  system: 'tycho.io/system',
  sid: 'tycho.io/sid',
  service: 'tycho.io/service',
  tenant: 'tycho.io/tenant',
  /** Instead of `service`, on what runs once before the service of this name. */
  gate: 'tycho.io/gate',
  /** On pods that have a policy of their own for what they may reach: `internal` or `none`. */
  egress: 'tycho.io/egress',
  /** Instead of `sid`, on what pulls images beforehand: the id of the preparation. */
  preparation: 'tycho.io/preparation',
} as const

/** Of the labels that say on which networks a pod is. */
export const NETWORK_PREFIX = 'network.tycho.io/'

/** The value of `app.kubernetes.io/managed-by`. */
export const MANAGER = 'tycho'

export const ANNOTATION = {
  /** Of the manifest as compiled: an equal one need not be sent again. */
  hash: 'tycho.io/hash',
  /** The job that last wrote the object; set by the engine, never in a pod template. */
  job: 'tycho.io/job',
  /** In a template of a pod that several services share: their names, as many and in such order as its containers. */
  services: 'tycho.io/services',
  /** In a pod template: hash of the services whose change must restart this one (`depends_on.<name>.restart`). */
  restartWith: 'tycho.io/restart-with',
  /** Of every workload of a suspended system: `true`. */
  suspended: 'tycho.io/suspended',
  /** In a pod template: when the newest restart of its system was asked for (RFC 3339). */
  restartedAt: 'tycho.io/restarted-at',
  /**
   * Of the Jobs that a CronJob makes: hash of the pod template, so that a run of an earlier one is known. Of a Job of the
   * system's own: hash of all that can't be changed once it is there.
   */
  template: 'tycho.io/template',
  /**
   * Of a workload: JSON, host name to V1Service. The engine writes the cluster IP of each, which nobody knows before it is
   * there, into the hostAliases of the pods.
   */
  hosts: 'tycho.io/hosts',
} as const
