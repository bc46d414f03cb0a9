// Where the text of a YAML event begins.
import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml'

/** The offset of a node's tag, anchor, quote or first character; -1 for a node without any text. */
export function offsetOf(event: Event): number {
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return -1
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1
  if (event.tagStart !== -1 && (event.anchorStart === -1 || event.tagStart < event.anchorStart))
    return event.tagStart
  if (event.anchorStart !== -1) return event.anchorStart - 1
  if (event.type !== EVENT_ID.SCALAR) return event.start
  const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
  return isQuoted ? event.valueStart - 1 : event.valueStart
}
