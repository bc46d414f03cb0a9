// Configs and secrets: where their bytes come from, and where services find them.

/**
 * `file` is a path as the file has it, relative to the project. `environment` names a variable of the request; its
 * value is null where it has none. `external`: it is there already, under this name.
 */
export type FileSource =
  | { kind: 'file'; path: string }
  | { kind: 'environment'; variable: string; value: string | null }
  | { kind: 'content'; content: string }
  | { kind: 'external' }
  | { kind: 'driver'; driver: string }

/** A config or a secret. */
export type FileSpec = {
  /** Its name outside of the system; null: of the orchestrator's choice. */
  name: string | null
  source: FileSource
  labels: Record<string, string>
  driver: string | null
  driverOptions: Record<string, string>
  templateDriver: string | null
  extensions: Record<string, unknown>
}

/** A config or secret that a service may read. `target`: a path, or a name in the usual folder; null: the source's name. */
export type FileGrant = {
  source: string
  target: string | null
  uid: string | null
  gid: string | null
  /** Permission bits; null: the specification's default. */
  mode: number | null
}
