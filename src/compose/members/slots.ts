// Where a variable may stand in a Compose file so that nothing else depends on its value: there a stand-in can be
// replaced by any other plain value, and the spec is what reading the file with that value would have given.
import type { MapNode, Node } from '../node.ts'

/** `text`: any plain text. `word`: the file may have split what stands there into words. */
export type SlotKind = 'text' | 'word'

type Row = readonly [SlotKind, ...string[]]

/** Keys of the spec from the top; `*` is any key. */
const SPEC_SLOTS: readonly Row[] = [
  ['text', 'services', '*', 'environment', '*'],
  ['text', 'services', '*', 'labels', '*'],
  ['text', 'services', '*', 'annotations', '*'],
  ['word', 'services', '*', 'command', '*'],
  ['word', 'services', '*', 'entrypoint', '*'],
  ['word', 'services', '*', 'healthcheck', 'test', 'command'],
  ['word', 'services', '*', 'healthcheck', 'test', 'argv', '*'],
  ['text', 'configs', '*', 'source', 'content'],
  ['text', 'configs', '*', 'source', 'value'],
  ['text', 'secrets', '*', 'source', 'content'],
  ['text', 'secrets', '*', 'source', 'value'],
]

/** The same of the file, which has more: what is read from it may depend on a value that the spec does not show. */
const FILE_SLOTS: readonly Row[] = [
  ['text', 'services', '*', 'environment', '*'],
  ['text', 'services', '*', 'labels', '*'],
  ['text', 'services', '*', 'annotations', '*'],
  ['word', 'services', '*', 'command'],
  ['word', 'services', '*', 'command', '*'],
  ['word', 'services', '*', 'entrypoint'],
  ['word', 'services', '*', 'entrypoint', '*'],
  ['word', 'services', '*', 'healthcheck', 'test'],
  ['word', 'services', '*', 'healthcheck', 'test', '*'],
  ['text', 'configs', '*', 'content'],
  ['text', 'secrets', '*', 'content'],
]

/** Longer ones are read in full, as are those with what any syntax may take for its own. */
export const LONGEST_PLAIN = 128

const PLAIN_TEXT =
  /^[\p{L}\p{N}._:/@+=,%?&!*()[\]{}<>;|~^-](?:[\p{L}\p{M}\p{N}._:/@+=,%?&!*()[\]{}<>;|~^ -]*[\p{L}\p{M}\p{N}._:/@+=,%?&!*()[\]{}<>;|~^-])?$/u
const PLAIN_WORD = /^[A-Za-z0-9._:/@+=,%-]+$/

export function isPlain(value: string, kind: SlotKind): boolean {
  if (value.length > LONGEST_PLAIN) return false
  return (kind === 'word' ? PLAIN_WORD : PLAIN_TEXT).test(value)
}

/** How a stand-in is used by the whole value; null: somewhere where others depend on it. */
export type Use = SlotKind | 'unused' | null

/** How each of the stand-ins is used in a spec, and in the file that it was read from. */
export function usesOf(spec: unknown, written: MapNode, standIns: readonly string[]): Use[] {
  const uses: Use[] = standIns.map(() => 'unused')
  const note: Note = (text, kind) => {
    for (const [at, standIn] of standIns.entries()) {
      const use = uses[at]
      if (use !== undefined && text.includes(standIn)) uses[at] = merge(use, kind)
    }
  }
  walk(spec, [], note)
  walkNode(written, [], note)
  return uses
}

type Note = (text: string, kind: SlotKind | null) => void

function merge(use: Use, kind: SlotKind | null): Use {
  if (use === null || kind === null) return null
  return use === 'word' || kind === 'word' ? 'word' : 'text'
}

function walk(value: unknown, path: string[], note: Note): void {
  if (typeof value === 'string') note(value, slotAt(SPEC_SLOTS, path))
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    note(key, null)
    path.push(key)
    walk(child, path, note)
    path.pop()
  }
}

function walkNode(node: Node, path: string[], note: Note): void {
  if (node.kind === 'scalar') {
    if (typeof node.value === 'string') note(node.value, slotAt(FILE_SLOTS, path))
    return
  }
  const isList = node.kind === 'list'
  const children = isList
    ? node.items.map((item, at): [string, Node] => [`${at}`, item])
    : [...node.entries].map(([key, { value }]): [string, Node] => [key, value])
  for (const [key, child] of children) {
    note(key, null)
    // `KEY=value`: the key is none to be filled in.
    if (isList && child.kind === 'scalar' && typeof child.value === 'string' && isPairs(path))
      note(child.value.split('=', 1)[0] ?? '', null)
    path.push(key)
    walkNode(child, path, note)
    path.pop()
  }
}

function isPairs(path: readonly string[]): boolean {
  return path.length === 3 && ['environment', 'labels', 'annotations'].includes(path[2] ?? '')
}

/** Labels of Kompose ask for something, so they are no slots. */
function slotAt(slots: readonly Row[], path: readonly string[]): SlotKind | null {
  const slot = slots.find(
    ([, ...keys]) => keys.length === path.length && keys.every((key, at) => key === '*' || key === path[at]),
  )
  if (!slot || path[3]?.startsWith('kompose.')) return null
  return slot[0]
}
