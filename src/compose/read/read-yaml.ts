// Reads one Compose text into a tree, with the place of every node.
import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml'
import type { ComposeLimits } from '../limits.ts'
import type { Node } from '../node.ts'
import { offsetOf } from './event-offset.ts'
import { ReadError, tooDeep, tooLarge } from './read-error.ts'
import { type ReadContext, TreeBuilder } from './tree-builder.ts'

/** The root of the only document of `text`; throws ReadError where that cannot be had. */
export function readYaml(name: string, text: string, context: ReadContext): Node {
  const { limits, sources } = context
  if (text.length > limits.textBytes || Buffer.byteLength(text) > limits.textBytes) throw tooLarge(limits)
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const base = sources.add(name, source)
  const events = eventsOf(source, base, limits)
  const root = events.length === 0 ? null : new TreeBuilder(source, base, context).build(events)
  const isEmpty = !root || (root.kind === 'scalar' && root.value === null)
  if (isEmpty) throw new ReadError('EMPTY_COMPOSE', 'The file is empty: give at least `services`.', base)
  return root
}

function eventsOf(source: string, base: number, limits: ComposeLimits): Event[] {
  try {
    const events = parseEvents(source, { maxDepth: limits.depth })
    checkOneDocument(events, base)
    return events
  } catch (error) {
    if (error instanceof YAMLException) throw toReadError(error, base, limits)
    throw error
  }
}

function checkOneDocument(events: readonly Event[], base: number): void {
  const second = events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT)
  if (second === -1) return
  const root = events[second + 1]
  const message = 'The file holds several YAML documents: keep one.'
  throw new ReadError('SEVERAL_DOCUMENTS', message, base + (root ? Math.max(offsetOf(root), 0) : 0))
}

function toReadError(error: YAMLException, base: number, limits: ComposeLimits): ReadError {
  const at = base + (error.mark?.position ?? 0)
  if (error.reason.startsWith('nesting exceeded')) return tooDeep(limits, at)
  const advice = error.reason.startsWith('tab characters')
    ? 'indent with spaces'
    : 'check the indentation, quotes and colons here'
  return new ReadError('INVALID_YAML', `This is not valid YAML (${error.reason}): ${advice}.`, at)
}
