// The names under which Tycho marks what is its own on a Docker engine; the engine's side finds everything by them.

/** Labels: on every object. `service` is absent on objects that belong to the system as a whole. */
export const LABEL = {
  managedBy: 'io.tycho.managed-by',
  tenant: 'io.tycho.tenant',
  namespace: 'io.tycho.namespace',
  system: 'io.tycho.system',
  sid: 'io.tycho.sid',
  service: 'io.tycho.service',
  /** Of the object as compiled: an equal one need not be made anew. */
  hash: 'io.tycho.hash',
  /** Of a container that is made and not to be started: `true`; set by the engine's side. */
  rests: 'io.tycho.rests',
  /** The job that last made the object; set by the engine's side. */
  job: 'io.tycho.job',
  /** Of the whole system: `true` while it is suspended. */
  suspended: 'io.tycho.suspended',
  /** When the newest restart of its system was asked for (RFC 3339). */
  restartedAt: 'io.tycho.restarted-at',
  /** Of a container: JSON, the steps (`ExecStep[]`) that are run in it before it is stopped. */
  preStop: 'io.tycho.pre-stop',
} as const

/** The value of `io.tycho.managed-by`. */
export const MANAGER = 'tycho'
