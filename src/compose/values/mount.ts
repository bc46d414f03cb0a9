// The short form of a mount: `data:/data:ro`, `./conf:/etc/conf`, `/scratch`, `C:\data:/data`.

export type ShortMount = {
  type: 'volume' | 'bind' | 'npipe'
  source: string | null
  target: string
  readOnly: boolean
  noCopy: boolean
  selinux: string | null
  propagation: string | null
  consistency: string | null
  /** Options that mean nothing. */
  unknown: string[]
}

const PROPAGATIONS = new Set(['shared', 'slave', 'private', 'rshared', 'rslave', 'rprivate'])
const CONSISTENCIES = new Set(['consistent', 'cached', 'delegated'])
/** A claim that exists, as the first Tycho wrote it. */
export const CLAIM_PREFIX = 'pvc://'

/** null for what is no mount: an empty part, or too many parts. */
export function parseShortMount(text: string): ShortMount | null {
  const parts = splitParts(text)
  if (parts.length > 3 || parts.some((part) => part === '')) return null
  const [first = '', target, options] = parts
  if (target === undefined) return { ...emptyMount, target: first, unknown: [] }
  const mount: ShortMount = {
    ...emptyMount,
    type: typeOf(first),
    source: first,
    target,
    unknown: [],
  }
  for (const option of options?.split(',') ?? []) takeOption(mount, option)
  return mount
}

const emptyMount = {
  type: 'volume',
  source: null,
  readOnly: false,
  noCopy: false,
  selinux: null,
  propagation: null,
  consistency: null,
} as const

/** Colons separate, but for those of a drive letter (`C:\data`) and of `pvc://`. */
function splitParts(text: string): string[] {
  if (text.startsWith(CLAIM_PREFIX)) {
    const [first = '', ...rest] = text.slice(CLAIM_PREFIX.length).split(':')
    return [CLAIM_PREFIX + first, ...rest]
  }
  const parts: string[] = []
  for (const piece of text.split(':')) {
    const last = parts.at(-1)
    if (last !== undefined && /^[a-zA-Z]$/.test(last) && /^[\\/]/.test(piece) && isDrive(text, piece)) {
      parts[parts.length - 1] = `${last}:${piece}`
    } else parts.push(piece)
  }
  return parts
}

/** `a:/b` mounts the volume `a`; `a:\b` can only be a folder, as can `a:/b:/c`, which has a target of its own. */
function isDrive(text: string, piece: string): boolean {
  return piece.startsWith('\\') || /^[a-zA-Z]:\/[^:]*:(?:\/|[a-zA-Z]:)/.test(text)
}

/** A path is a bind mount, a name is a volume. */
function typeOf(source: string): ShortMount['type'] {
  if (source.startsWith('\\\\.\\pipe\\') || source.startsWith('//./pipe/')) return 'npipe'
  return /^(?:[./~]|[a-zA-Z]:[\\/]|\\\\)/.test(source) ? 'bind' : 'volume'
}

function takeOption(mount: ShortMount, option: string): void {
  if (option === 'ro') mount.readOnly = true
  else if (option === 'nocopy') mount.noCopy = true
  else if (option === 'z' || option === 'Z') mount.selinux = option
  else if (PROPAGATIONS.has(option)) mount.propagation = option
  else if (CONSISTENCIES.has(option)) mount.consistency = option
  else if (option !== 'rw') mount.unknown.push(option)
}
