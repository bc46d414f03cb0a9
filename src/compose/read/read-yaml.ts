// Reads one Compose text into a tree, with the place of every node.
import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml'
import type { ComposeLimits } from '../limits.ts'
import type { Node } from '../node.ts'
import { ReadError, tooDeep, tooLarge } from './read-error.ts'
import { type ReadContext, TreeBuilder } from './tree-builder.ts'

/**
 * The documents of `text` that say something, one or more: of several, each is a file of its own with anchors of its
 * own, merged in order (reference loader). Throws ReadError where that cannot be had.
 */
export function readYaml(name: string, text: string, context: ReadContext): [Node, ...Node[]] {
  const { limits, sources } = context
  if (text.length > limits.textBytes || Buffer.byteLength(text) > limits.textBytes) throw tooLarge(limits)
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const base = sources.add(name, source)
  const documents = split(eventsOf(source, base, limits)).flatMap((events) => {
    const root = new TreeBuilder(source, base, context).build(events)
    return !root || (root.kind === 'scalar' && root.value === null) ? [] : [root]
  })
  const [first, ...rest] = documents
  if (!first) throw new ReadError('EMPTY_COMPOSE', 'The file is empty: give at least `services`.', base)
  return [first, ...rest]
}

function eventsOf(source: string, base: number, limits: ComposeLimits): Event[] {
  try {
    return parseEvents(source, { maxDepth: limits.depth })
  } catch (error) {
    if (error instanceof YAMLException) throw toReadError(error, base, limits)
    throw error
  }
}

/** The events of each document. */
function split(events: readonly Event[]): (readonly Event[])[] {
  const isAnother = (event: Event, index: number) => index > 0 && event.type === EVENT_ID.DOCUMENT
  if (!events.some(isAnother)) return events.length === 0 ? [] : [events]
  const documents: Event[][] = []
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) documents.push([])
    documents.at(-1)?.push(event)
  }
  return documents
}

function toReadError(error: YAMLException, base: number, limits: ComposeLimits): ReadError {
  const at = base + (error.mark?.position ?? 0)
  if (error.reason.startsWith('nesting exceeded')) return tooDeep(limits, at)
  const advice = error.reason.startsWith('tab characters')
    ? 'indent with spaces'
    : 'check the indentation, quotes and colons here'
  return new ReadError('INVALID_YAML', `This is not valid YAML (${error.reason}): ${advice}.`, at)
}
