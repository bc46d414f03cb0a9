// Finds a place for each member of a batch: by what the cluster has, what other batches will take, and the rule of the
// tenant for when node ports run out.
import { type SpreadMember, spreadEvenly } from '../../jobs/spread.ts'
import { type Problem, TychoError } from '../../problem.ts'
import type { Capacity, CapacityAsked } from '../../system/capacity.ts'
import { type Amounts, amountsOf, type Needs, sumNeeds } from '../../system/needs.ts'
import { isEnded } from '../../system/system.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import type { ApiContext } from '../context.ts'
import type { BatchRequest } from '../schemas/batch.ts'
import { sentenceOf } from './amount-words.ts'
import { type CheckedBatch, checkBatch } from './check-batch.ts'
import { type Fit, fitIn, problem } from './fit.ts'

/** `version`: of what other batches will take (`Reserved`); null: it was not looked at. */
export type Fitted = { fit: Fit; version: string | null }

/** `needs`: of all members. `capacity` null: the cluster could not be read. */
export type PlacedBatch = Fitted & {
  checked: CheckedBatch
  needs: Needs
  capacity: Capacity | null
  /** The same with what other batches will take by now. */
  refit(): Promise<Fitted>
}

/** Answers the reason where there is none to be had, and that is no error of the request. */
export type ReadCapacity = (asked: CapacityAsked) => Promise<Capacity | { unknown: string }>

/** Nothing is written. Throws what `checkBatch` and `read` do. */
export async function placeBatch(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
  read: ReadCapacity,
): Promise<PlacedBatch> {
  const placed = await place(context, tenant, await checkBatch(context, tenant, asked), read)
  const short = placed.fit.shortages.find(({ of }) => of === 'nodePorts')
  if (!short || tenant.whenNodePortsRunOut !== 'ingress' || asked.exposure !== undefined) return placed
  const other = await checkForIngress(context, tenant, asked)
  if (!other) return placed
  const again = await place(context, tenant, other, read)
  if (again.fit.shortages.some(({ of }) => of === 'nodePorts')) return placed
  const message = `Published by ingress instead of node ports. ${sentenceOf(short)}`
  return withRemark(again, problem('NODE_PORTS_RUN_OUT', 'info', 'exposure', message))
}

function withRemark(placed: PlacedBatch, remark: Problem): PlacedBatch {
  const add = ({ fit, version }: Fitted): Fitted => ({
    fit: { ...fit, problems: [...fit.problems, remark] },
    version,
  })
  return { ...placed, ...add(placed), refit: async () => add(await placed.refit()) }
}

/** Null where it can't be published so: no host is known, or a port is no web page. */
async function checkForIngress(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
): Promise<CheckedBatch | null> {
  try {
    return await checkBatch(context, tenant, { ...asked, exposure: 'ingress' })
  } catch (error) {
    if (error instanceof TychoError && /^INVALID_(ITEMS|SYSTEM)$/.test(error.code)) return null
    throw error
  }
}

async function place(
  context: ApiContext,
  tenant: Tenant,
  checked: CheckedBatch,
  read: ReadCapacity,
): Promise<PlacedBatch> {
  const needs = sumNeeds(countEqual(checked.needs.values()))
  const total = amountsOf(needs)
  const asked = { namespaces: tenant.namespaces, nodePorts: needs.nodePorts > 0, nodes: false }
  const [capacity, members] = await Promise.all([read(asked), toSpread(context, tenant, checked, needs)])
  if ('unknown' in capacity) {
    const message = `What the cluster has could not be read, so that it is not known whether the batch fits: ${capacity.unknown}`
    const problems = [problem('CAPACITY_UNKNOWN', 'warning', '', message)]
    const fit = { spread: spreadEvenly(members, tenant.namespaces), shortages: [], problems }
    return { checked, needs, capacity: null, fit, version: null, refit: async () => ({ fit, version: null }) }
  }
  const refit = async (): Promise<Fitted> => {
    const { amounts, version } = await context.store.readReserved()
    return { fit: fitIn(members, total, capacity, amounts), version }
  }
  return { checked, needs, capacity, ...(await refit()), refit }
}

/** Members that need the same share it. */
function countEqual(all: Iterable<Needs>): Map<Needs, number> {
  const counts = new Map<Needs, number>()
  for (const needs of all) counts.set(needs, (counts.get(needs) ?? 0) + 1)
  return counts
}

/** So many systems are looked up at once. */
const slice = 500

/**
 * What keeps volumes is started where they are, as long as it is known where its system was; what keeps none may run
 * anywhere.
 */
async function toSpread(
  { store }: ApiContext,
  tenant: Tenant,
  { members, needs }: CheckedBatch,
  total: Needs,
): Promise<SpreadMember[]> {
  const amounts = new Map<Needs | undefined, Amounts>()
  const amountsOfMember = (index: number): Amounts => {
    const own = needs.get(index)
    const known = amounts.get(own) ?? (own ? amountsOf(own) : {})
    amounts.set(own, known)
    return known
  }
  const homes = new Map<number, string>()
  const keepsVolumes = (total.objects.PersistentVolumeClaim ?? 0) > 0
  for (let from = 0; keepsVolumes && tenant.namespaces.length > 1 && from < members.length; from += slice) {
    const some = members.slice(from, from + slice)
    const systems = await Promise.all(some.map(({ name }) => store.works.system(tenant.name, name)))
    for (const [at, system] of systems.entries()) {
      const index = some[at]?.index
      if (!system || index === undefined || !isEnded(system)) continue
      if (tenant.namespaces.includes(system.namespace)) homes.set(index, system.namespace)
    }
  }
  return members.map(({ index }) => ({
    index,
    needs: amountsOfMember(index),
    home: homes.get(index) ?? null,
  }))
}
