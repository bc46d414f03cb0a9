// The items of a batch, each checked as a system would be: what is the same for all is checked once.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { tellProblems } from '../../compose/mask/mask-problems.ts'
import { parseMember, toMemberInput } from '../../compose/members/batch-members.ts'
import type { MemberTemplate, Pattern } from '../../compose/members/member-template.ts'
import { type BatchRecord, MEMBER_VARIABLES, type Member } from '../../jobs/batch.ts'
import type { Compiled } from '../../orchestrators/orchestrator.ts'
import { hasErrors, type Positions, type Problem, TychoError } from '../../problem.ts'
import { checkSystemName, LABEL_MAX, SYSTEM_NAME_MAX } from '../../system/names.ts'
import type { Needs } from '../../system/needs.ts'
import type { SystemSpec } from '../../system/spec.ts'
import { checkSettings } from '../check-settings.ts'
import type { ApiContext } from '../context.ts'
import type { RequestItem } from '../schemas/batch.ts'
import { labelKeyPattern, labelValuePattern } from '../schemas/system-request.ts'
import { createNeedsOf } from './member-needs.ts'

/** `ofTemplate`: the same as it would be told of the Compose file alone. */
export type ItemProblem = Problem & { ofTemplate?: Problem }

/** What is wrong with each bad item, by its index. */
export type BadItems = Map<number, ItemProblem[]>

/** What each good member takes, by its index; those that take the same share it. */
export type MemberNeeds = ReadonlyMap<number, Needs>

export type CheckedMembers = { members: Member[]; needs: MemberNeeds; bad: BadItems }

export type MembersToCheck = {
  batch: Pick<BatchRecord, 'tenant' | 'places' | 'name' | 'seed' | 'member'>
  /** Null: so many without anything of their own. */
  items: readonly RequestItem[] | number
  template: MemberTemplate
  onCompiled: OnCompiled
}

/** Told of each good spec; members that differ by nothing but what fills slots have one together. */
export type OnCompiled = (compiled: Compiled, spec: SystemSpec) => void

/** How long the event loop is kept, in milliseconds: other requests have their turn between. */
const sliceMs = 8

/** More bad ones are not looked for: `enough` says that the batch is refused anyway. */
const enoughBad = 200

export async function checkMembers(
  context: ApiContext,
  { batch, items, template, onCompiled }: MembersToCheck,
  isRefused: boolean,
): Promise<CheckedMembers> {
  const count = typeof items === 'number' ? items : items.length
  const check = createMemberCheck(context, { batch, template, onCompiled }, count)
  const members: Member[] = []
  const needs = new Map<number, Needs>()
  const bad: BadItems = new Map()
  let since = performance.now()
  for (let index = 0; index < count; index += 1) {
    const item = typeof items === 'number' ? {} : (items[index] ?? {})
    const checked = check(index, item)
    if ('problems' in checked) bad.set(index, checked.problems)
    else {
      members.push(checked.member)
      needs.set(index, checked.needs)
    }
    if (isRefused && bad.size >= enoughBad) break
    if (performance.now() - since > sliceMs) {
      await nextTurn()
      since = performance.now()
    }
  }
  return { members, needs, bad }
}

type CheckedItem = { member: Member; needs: Needs } | { problems: ItemProblem[] }

function createMemberCheck(
  context: ApiContext,
  { batch, template, onCompiled }: Omit<MembersToCheck, 'items'>,
  count: number,
): (index: number, item: RequestItem) => CheckedItem {
  const names = new Map<string, number>()
  const clients = new Map<string, number>()
  const width = `${count - 1}`.length
  const checkSpec = createSpecCheck(context, batch, onCompiled)
  return (index, item) => {
    const name = item.name ?? defaultName(batch.name, `${index}`.padStart(width, '0'))
    const own = [
      ...(item.name === undefined
        ? []
        : checkSystemName(name).map((one) => at(index, 'name', one.message, one.code))),
      ...itemProblems(index, item),
      ...onlyOnce(names, name, index, 'name'),
      ...(item.clientId === undefined ? [] : onlyOnce(clients, item.clientId, index, 'clientId')),
    ]
    if (own.length > 0) return { problems: own }
    const { env = {}, labels = {}, clientId = null } = item
    const member = { index, name, env, labels, clientId }
    const checked = checkSpec(member, template.patternOf(toMemberInput(batch, member)), () =>
      parseMember(template, batch, member),
    )
    if ('problems' in checked) return { problems: checked.problems.map((one) => ofItem(index, one)) }
    return { member: { ...member, objectNames: checked.objectNames }, needs: checked.needs }
  }
}

/** Longer than a system's name may be together, the batch's part is cut. */
function defaultName(batch: string, index: string): string {
  return `${batch.slice(0, SYSTEM_NAME_MAX - index.length - 1).replace(/-+$/, '')}-${index}`
}

const LABEL_KEY = new RegExp(labelKeyPattern)
const LABEL_VALUE = new RegExp(labelValuePattern)

function itemProblems(index: number, { env = {}, labels = {} }: RequestItem): Problem[] {
  const ours = MEMBER_VARIABLES.filter((name) => Object.hasOwn(env, name))
  const wrong = Object.entries(labels).filter(
    ([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value),
  )
  return [
    ...ours.map((name) => at(index, `env.${name}`, `${name} is given by Tycho: call yours otherwise`)),
    ...wrong.map(([key]) =>
      at(
        index,
        `labels.${key}`,
        `${key} with its value is no label that Kubernetes takes (at most ${LABEL_MAX} characters)`,
      ),
    ),
  ]
}

function onlyOnce(known: Map<string, number>, value: string, index: number, field: string): Problem[] {
  const first = known.get(value)
  if (first !== undefined) {
    return [at(index, field, `items[${first}] has the ${field} ${value} already`, 'DUPLICATE_ITEM')]
  }
  known.set(value, index)
  return []
}

function at(index: number, field: string, message: string, code = 'INVALID_FIELD'): Problem {
  return { code, severity: 'error', path: `items[${index}].${field}`, message }
}

/** Where the defect is in the file stays; which item has it is said by the path. */
function ofItem(index: number, problem: Problem): ItemProblem {
  const where = problem.path === '' ? '' : `${problem.path}: `
  return { ...problem, path: `items[${index}]`, message: `${where}${problem.message}`, ofTemplate: problem }
}

type Parsed = { spec: SystemSpec | null; positions: Positions; problems: Problem[] }

type CheckedSpec = { objectNames: string[]; needs: Needs } | { problems: Problem[] }

type Trial = { needs: Needs } | { problems: Problem[] }

/**
 * Members of one pattern are compiled once, as the longest that they can be: what is in their slots makes no difference
 * to that but its length.
 */
function createSpecCheck(context: ApiContext, batch: MembersToCheck['batch'], onCompiled: OnCompiled) {
  // The template lets go of patterns where there are many: so does this.
  const ofPatterns = new WeakMap<Pattern, Needs | null>()
  const compile = createTrial(context, batch, onCompiled)
  /** Null where the pattern has errors or speaks of its stand-ins: then its members are compiled one by one. */
  const needsOf = (pattern: Pattern): Needs | null => {
    let needs = ofPatterns.get(pattern)
    if (needs === undefined) {
      const trial = compile(pattern, longestName)
      needs = 'needs' in trial ? trial.needs : null
      ofPatterns.set(pattern, needs)
    }
    return needs
  }
  return (member: Pick<Member, 'name'>, pattern: Pattern | null, parse: () => Parsed): CheckedSpec => {
    const shared = pattern && needsOf(pattern)
    const parsed = pattern && shared ? pattern : parse()
    const checked = shared ? { needs: shared } : compile(parsed, member.name)
    if ('problems' in checked)
      return { problems: checked.problems.filter(({ severity }) => severity === 'error') }
    const { spec } = parsed
    if (!spec) return { problems: [] }
    return { objectNames: context.objectNames(toInput(batch, member.name, spec)), needs: checked.needs }
  }
}

function createTrial(context: ApiContext, batch: MembersToCheck['batch'], onCompiled: OnCompiled) {
  const needsOf = createNeedsOf(context)
  return ({ spec, positions, problems }: Parsed, name: string): Trial => {
    if (!spec || hasErrors(problems)) return { problems }
    const wrong = settingsProblems(batch, spec)
    if (wrong.length > 0) return { problems: wrong }
    const compiled = context.compile(toInput(batch, name, spec))
    if (hasErrors(compiled.problems))
      return { problems: tellProblems(compiled.problems, { spec, positions }) }
    onCompiled(compiled, spec)
    return { needs: needsOf(spec, compiled) }
  }
}

const longestName = 'n'.repeat(SYSTEM_NAME_MAX)

/** Which of the namespaces it will be makes no difference to the names and to what is wrong. */
function toInput({ tenant, places, member }: MembersToCheck['batch'], name: string, spec: SystemSpec) {
  const namespace = places[0]?.namespace ?? ''
  const { exposure, settings } = member
  return { identity: { tenant, namespace, name, sid: '0'.repeat(32) }, spec, exposure, settings }
}

function settingsProblems({ member }: MembersToCheck['batch'], spec: SystemSpec): Problem[] {
  try {
    checkSettings(member.settings, spec)
    return []
  } catch (error) {
    if (error instanceof TychoError) return error.problems
    throw error
  }
}
