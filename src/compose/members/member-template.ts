// One Compose file for many systems that differ by their variables. It is read once with stand-ins for the values; a
// system whose values only fill slots (`slots.ts`) is made of that by replacing them. Where a variable stands elsewhere,
// in an image or a port, the file is read once for each of its values; and where a value is no plain one, for that
// system alone. So every system gets what reading the file with its variables would have given.
import { createHash } from 'node:crypto'
import type { Positions, Problem } from '../../problem.ts'
import { maskWhole } from '../../system/mask-values.ts'
import { secretValuesIn } from '../../system/secret-values.ts'
import type { SystemSpec } from '../../system/spec.ts'
import { type ComposeLimits, DEFAULT_LIMITS } from '../limits.ts'
import { type ComposeInput, type ParsedCompose, parseCompose } from '../parse.ts'
import { isPlain, LONGEST_PLAIN, type SlotKind, usesOf } from './slots.ts'

/** The system's name, which is `COMPOSE_PROJECT_NAME` too, and its variables, `TYCHO_NAME` among them. */
export type MemberInput = { name: string; env: Readonly<Record<string, string>> }

export type ParsedMember = { spec: SystemSpec | null; positions: Positions; problems: Problem[] }

/**
 * What members share: read with stand-ins for the values of `slots`. `json` is its spec, and `namedJson` the values of all
 * variables that are called like secrets: which of them a spec has is found of each member anew.
 */
export type Pattern = ParsedMember & {
  spec: SystemSpec
  json: string
  namedJson: string
  slots: Map<string, Slot>
}

type Slot = { kind: SlotKind; standIn: string }

export type MemberTemplate = {
  /** As `parseCompose` would answer. */
  parse(member: MemberInput): ParsedMember
  /** The pattern that the member only fills in; null: it is read in full. */
  patternOf(member: MemberInput): Pattern | null
}

/** The variable of the system's name; `COMPOSE_PROJECT_NAME` is the same. */
const NAME = 'TYCHO_NAME'

/** Kept at most, of the values of variables that stand elsewhere than in slots. */
const MAX_PATTERNS = 256

/** How many members are tried as the one by which the variables are told apart. */
const MAX_TRIES = 5

export function createMemberTemplate(
  compose: Omit<ComposeInput, 'systemName'>,
  limits: ComposeLimits = DEFAULT_LIMITS,
): MemberTemplate {
  const read: Read = ({ name, env }) =>
    parseCompose({ ...compose, env: { ...compose.env, ...env }, systemName: name }, limits)
  const slots = createSlotFinder(read)
  const patterns = new Map<string, Pattern | null>()

  const patternOf = (member: MemberInput): Pattern | null => {
    const found = slots.of(member)
    if (!found || !fills(member, found)) return null
    const rest = Object.entries(member.env).filter(([name]) => !found.has(name))
    const key = JSON.stringify([[...found.keys()].sort(), rest.sort()])
    let pattern = patterns.get(key)
    if (pattern === undefined) {
      if (patterns.size >= MAX_PATTERNS) patterns.clear()
      pattern = toPattern(read, member, found)
      patterns.set(key, pattern)
    }
    return pattern && !coincides(pattern, member) ? pattern : null
  }

  return {
    patternOf,
    parse(member) {
      const pattern = patternOf(member)
      if (pattern) return filled(pattern, member)
      const { spec, positions, problems } = read(member)
      return { spec, positions, problems }
    },
  }
}

type Read = (member: MemberInput) => ParsedCompose

/** By the names of a member's variables: which of them stand in slots alone. Null: not known yet. */
function createSlotFinder(read: Read) {
  const known = new Map<string, Map<string, Slot> | null>()
  const tries = new Map<string, number>()
  return {
    of(member: MemberInput): Map<string, Slot> | null {
      const key = JSON.stringify(Object.keys(member.env).sort())
      const found = known.get(key)
      if (found !== undefined) return found
      const tried = (tries.get(key) ?? 0) + 1
      tries.set(key, tried)
      // By one that can't be read nothing is told apart.
      const slots = tried > MAX_TRIES ? null : read(member).spec ? findSlots(read, member) : undefined
      if (slots !== undefined) known.set(key, slots)
      return slots ?? null
    },
  }
}

/** Each variable is tried by itself, so that one which can't be replaced does not spoil the others. */
function findSlots(read: Read, member: MemberInput): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  for (const name of Object.keys(member.env)) {
    // These say by themselves how a file is read.
    if (name.startsWith('COMPOSE_')) continue
    const standIn = toStandIn(name)
    const use = useOf(read(withStandIns(member, new Map([[name, standIn]]))), standIn)
    if (use !== null) slots.set(name, { standIn, kind: use })
  }
  return slots
}

function useOf({ spec, written, problems }: ParsedCompose, standIn: string): SlotKind | null {
  if (!spec || isQuoted(standIn, problems)) return null
  const [use = null] = usesOf(withoutSecretValues(spec), written, [standIn])
  return use === 'unused' ? 'text' : use
}

/** One that stands for a secret is masked where it is quoted. */
function isQuoted(standIn: string, problems: readonly Problem[]): boolean {
  const told = JSON.stringify(problems)
  return told.includes(standIn) || told.includes(maskWhole(standIn))
}

function withStandIns({ name, env }: MemberInput, standIns: ReadonlyMap<string, string>): MemberInput {
  return { name: standIns.get(NAME) ?? name, env: { ...env, ...Object.fromEntries(standIns) } }
}

function fills({ env }: MemberInput, slots: ReadonlyMap<string, Slot>): boolean {
  return [...slots].every(([name, { kind }]) => isPlain(env[name] ?? '', kind))
}

/** Null where the stand-ins together say something else than each by itself. */
function toPattern(read: Read, member: MemberInput, slots: Map<string, Slot>): Pattern | null {
  const standIns = new Map([...slots].map(([name, { standIn }]) => [name, standIn]))
  const parsed = read(withStandIns(member, standIns))
  const { written, positions, problems } = parsed
  if (!parsed.spec) return null
  const spec = withoutSecretValues(parsed.spec)
  const all = [...slots.values()]
  const uses = usesOf(
    spec,
    written,
    all.map(({ standIn }) => standIn),
  )
  const isSame = uses.every((use, at) => use === 'unused' || use === 'text' || use === all[at]?.kind)
  if (!isSame || all.some(({ standIn }) => isQuoted(standIn, problems))) return null
  const namedJson = JSON.stringify([...parsed.namedValues])
  return { spec, positions, problems, json: JSON.stringify(spec), namedJson, slots }
}

/** What is said there of stand-ins is true of no member. */
function withoutSecretValues({ secretValues: _ofStandIns, ...spec }: SystemSpec): SystemSpec {
  return spec
}

/** A name in the file that happens to be what the system's own name implies is left out of the spec. */
function coincides({ spec, slots }: Pattern, { name }: MemberInput): boolean {
  if (!slots.has(NAME)) return false
  const { networks, volumes, configs, secrets } = spec
  const named = [networks, volumes, configs, secrets].flatMap((one) => Object.values(one))
  return named.some((one) => one.name?.startsWith(`${name}_`))
}

function filled(
  { json, namedJson, slots, positions, problems }: Pattern,
  { env }: MemberInput,
): ParsedMember {
  const fill = (text: string) => {
    let filling = text
    for (const [name, { standIn }] of slots)
      filling = filling.replaceAll(standIn, () => JSON.stringify(env[name] ?? '').slice(1, -1))
    return filling
  }
  const text = fill(json)
  const spec: SystemSpec = JSON.parse(text)
  const secretValues = secretValuesIn(() => text, JSON.parse(fill(namedJson)) as string[])
  return { spec: { ...spec, ...(secretValues.length > 0 && { secretValues }) }, positions, problems }
}

/** As long as the longest plain value, so that no limit of length holds for it and not for them. */
function toStandIn(variable: string): string {
  const hash = createHash('sha512').update(`stands for ${variable}`).digest('hex')
  return `s${hash}`.slice(0, LONGEST_PLAIN)
}
