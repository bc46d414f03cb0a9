// What is to be measured, from the command line.
import { parseArgs } from 'node:util'

export type Options = {
  systems: number
  workers: number
  exposure: 'nodePort' | 'clusterIP'
  /** Those in which the systems may be. */
  namespaces: number
  /** Stand-in nodes. */
  nodes: number
  only: 'start' | 'stop' | null
  /** Systems that kubectl applies; 0: it is left out. */
  kubectl: number
  /** Rounds of the floor: one before Tycho's, one after it. */
  floors: number
  /** Systems with which each way of writing is tried; 0: it is known. */
  tries: number
  /** Whether single systems are started meanwhile. */
  interactive: boolean
}

const words = {
  systems: { type: 'string', default: '1000' },
  workers: { type: 'string', default: '2' },
  exposure: { type: 'string', default: 'nodePort' },
  namespaces: { type: 'string', default: '1' },
  nodes: { type: 'string', default: '10' },
  only: { type: 'string' },
  kubectl: { type: 'string', default: '200' },
  floors: { type: 'string', default: '2' },
  tries: { type: 'string', default: '200' },
  interactive: { type: 'boolean', default: false },
} as const

/** Throws for what it does not know. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({ args, options: words })
  const { exposure, only = null, interactive } = values
  if (exposure !== 'nodePort' && exposure !== 'clusterIP') throw new Error(`--exposure ${exposure}`)
  if (only !== null && only !== 'start' && only !== 'stop') throw new Error(`--only ${only}`)
  const systems = countOf('systems', values.systems)
  return {
    systems,
    workers: countOf('workers', values.workers),
    exposure,
    namespaces: countOf('namespaces', values.namespaces),
    nodes: countOf('nodes', values.nodes),
    only,
    kubectl: Math.min(systems, countOf('kubectl', values.kubectl)),
    floors: countOf('floors', values.floors),
    tries: Math.min(systems, countOf('tries', values.tries)),
    interactive,
  }
}

function countOf(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text} is no number`)
  return Number(text)
}
