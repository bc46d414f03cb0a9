// What the operator allows a tenant's systems. The words are the policy file's.
import { type Static, Type } from 'typebox'

/** Keys of a file that give rights over the machine, each refused unless it is allowed by name. */
export const Permission = Type.Union([
  Type.Literal('privileged'),
  Type.Literal('cap_add'),
  Type.Literal('root'),
  Type.Literal('host_network'),
  Type.Literal('host_pid'),
  Type.Literal('host_ipc'),
  Type.Literal('host_users'),
  Type.Literal('host_port'),
  Type.Literal('host_path'),
  Type.Literal('docker_socket'),
  Type.Literal('unsafe_sysctls'),
  Type.Literal('unconfined'),
])
export type Permission = Static<typeof Permission>

/** Of one service; null: no bound. */
export type ResourceBounds = { cpus: number | null; memoryBytes: number | null }

/** `images` null: any; else patterns of which one fits (`registry.example.org/class/*`). `isolate`: systems of the tenant do not reach each other. */
export type Policy = {
  allow: readonly Permission[]
  images: readonly string[] | null
  resources: { default: ResourceBounds; max: ResourceBounds }
  isolate: boolean
  serviceAccounts: readonly string[]
}

/** Where the operator says nothing: nothing dangerous, any image, no bounds. */
export const DEFAULT_POLICY: Policy = {
  allow: [],
  images: null,
  resources: { default: { cpus: null, memoryBytes: null }, max: { cpus: null, memoryBytes: null } },
  isolate: false,
  serviceAccounts: [],
}
