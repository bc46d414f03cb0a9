// Language models, and the variables by which services find them.

export type ModelSpec = {
  name: string | null
  model: string
  contextSize: number | null
  runtimeFlags: string[]
  extensions: Record<string, unknown>
}

/** Variables set to the model's URL and name. */
export type ModelGrant = { endpointVariable: string; modelVariable: string }
