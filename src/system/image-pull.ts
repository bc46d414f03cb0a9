// Images that are pulled to nodes before anything runs there, and how far each node is.
import { type Static, Type } from 'typebox'
import { Reason } from './readiness.ts'

/** `null`: as the orchestrator does where nothing is said. */
export type PullPolicy = 'always' | 'missing' | 'never' | null

/** An image that pods need. `where` is the orchestrator's own: which nodes take them, and with whose rights it is pulled. */
export type ImagePull = { image: string; policy: PullPolicy; where: Record<string, unknown> }

/** `unknown`: the node has not said anything of it yet. */
export const PullState = Type.Union([
  Type.Literal('present'),
  Type.Literal('pulling'),
  Type.Literal('failed'),
  Type.Literal('unknown'),
])
export type PullState = Static<typeof PullState>

export const NodeImage = Type.Object({
  image: Type.String(),
  state: PullState,
  reason: Type.Optional(Reason),
})
export type NodeImage = Static<typeof NodeImage>

/** One node, with the images that it is to have: a template's pods may not all run everywhere. */
export const NodeImages = Type.Object({ node: Type.String(), images: Type.Array(NodeImage) })
export type NodeImages = Static<typeof NodeImages>
