// The short form of `tmpfs`: `/run`, `/run:size=64m,mode=1777,uid=1000`.
import { parseBytes } from './bytes.ts'
import { parseMode } from './mode.ts'

export type ShortTmpfs = {
  target: string
  readOnly: boolean
  sizeBytes: number | null
  mode: number | null
  /** Everything else, as written. */
  options: string[]
}

/** null where there is no path, or a size or mode that is none. */
export function parseTmpfs(text: string): ShortTmpfs | null {
  const colon = text.indexOf(':')
  const target = colon === -1 ? text : text.slice(0, colon)
  if (target === '') return null
  const tmpfs: ShortTmpfs = { target, readOnly: false, sizeBytes: null, mode: null, options: [] }
  const options = colon === -1 ? [] : text.slice(colon + 1).split(',')
  return options.filter((option) => option !== '').every((option) => take(tmpfs, option)) ? tmpfs : null
}

function take(tmpfs: ShortTmpfs, option: string): boolean {
  const [name = '', value = ''] = option.split('=')
  switch (name) {
    case 'ro':
      tmpfs.readOnly = true
      return true
    case 'rw':
      return true
    case 'size':
      tmpfs.sizeBytes = parseBytes(value)
      return tmpfs.sizeBytes !== null
    case 'mode':
      tmpfs.mode = parseMode(value)
      return tmpfs.mode !== null
    default:
      tmpfs.options.push(option)
      return true
  }
}
