// Networks of a system: found, made with a subnet of our own range, or made anew.
import type { NetworkObject } from '../objects.ts'
import { codes, hasCode, wordsOf } from './engine-error.ts'
import type { LiveNetwork } from './live.ts'
import {
  type Action,
  isAsWanted,
  notOurs,
  notThere,
  type Wanted,
  type WriteScope,
  writtenLabels,
} from './scope.ts'
import { isOfIncarnation } from './selectors.ts'
import { firstFree } from './subnets.ts'

export type Made = { action: Action; id: string }

export type Networks = { make: (wanted: Wanted<NetworkObject>, scope: WriteScope) => Promise<Made> }

/** Two that look for a free subnet at the same moment find the same: the engine takes the first, and says so. */
const overlaps = /overlap|already used/i
const attempts = 20

/** `ranges`: CIDRs. One process gives out one subnet at a time. */
export function createNetworks(ranges: readonly string[]): Networks {
  let before: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = before.then(work, work)
    before = next
    return next
  }

  async function create(object: NetworkObject, scope: WriteScope): Promise<string> {
    const isUsual = object.driver === 'bridge' || object.driver === 'overlay'
    const isOurs = object.subnets === null && isUsual && object.ipam.driver === 'default'
    if (!isOurs) return post(object, object.subnets ?? [], scope)
    return inTurn(async () => {
      const refused: string[] = []
      for (;;) {
        const there = await scope.requests.networks('{}', scope.signal)
        const subnet = firstFree(ranges, [...there.flatMap(subnetsOf), ...refused])
        try {
          return await post(object, [{ subnet, gateway: null, ipRange: null, reserved: {} }], scope)
        } catch (error) {
          if (!overlaps.test(wordsOf(error)) || refused.length >= attempts) throw error
          refused.push(subnet)
        }
      }
    })
  }

  return {
    async make(wanted, scope) {
      const { object } = wanted
      const { input, requests, signal } = scope
      const live = await find(object.name, scope)
      if (object.external) {
        if (!live) throw notThere(wanted)
        return { action: 'unchanged', id: live.Id }
      }
      const labels = live?.Labels ?? {}
      if (live && !isOfIncarnation(labels, input.identity)) throw notOurs(wanted, labels)
      if (live && isAsWanted(labels, object)) return { action: 'unchanged', id: live.Id }
      await input.fence.check()
      if (live) await removeNetwork(live, scope)
      await input.fence.check()
      try {
        return { action: live ? 'recreated' : 'created', id: await create(object, scope) }
      } catch (error) {
        const other = hasCode(error, codes.conflict) ? await requests.network(object.name, signal) : undefined
        if (!other) throw error
        if (!isOfIncarnation(other.Labels ?? {}, input.identity)) throw notOurs(wanted, other.Labels ?? {})
        return { action: 'unchanged', id: other.Id }
      }
    },
  }
}

/** By its whole name: the engine's filter takes parts of it, and an id too. */
async function find(name: string, { requests, signal }: WriteScope): Promise<LiveNetwork | undefined> {
  const found = await requests.networks(JSON.stringify({ name: [name] }), signal)
  return found.find((one) => one.Name === name)
}

/** Takes off whatever is on it; that is put on the new one, or made anew. */
async function removeNetwork(
  { Id, Name }: LiveNetwork,
  { client, requests, signal }: WriteScope,
): Promise<void> {
  const live = await requests.network(Id, signal)
  for (const container of Object.keys(live?.Containers ?? {})) {
    const path = `/networks/${Id}/disconnect`
    const body = { Container: container, Force: true }
    await client.json({ method: 'POST', path, body, what: `network ${Name}` }, signal)
  }
  await requests.removeNetwork(Id, Name, signal)
}

function subnetsOf({ IPAM: ipam }: LiveNetwork): string[] {
  return (ipam?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? [])
}

async function post(
  object: NetworkObject,
  subnets: NonNullable<NetworkObject['subnets']>,
  { client, input, signal }: WriteScope,
): Promise<string> {
  const config = subnets.map(({ subnet, gateway, ipRange, reserved }) => ({
    Subnet: subnet,
    ...(gateway !== null && { Gateway: gateway }),
    ...(ipRange !== null && { IPRange: ipRange }),
    ...(Object.keys(reserved).length > 0 && { AuxiliaryAddresses: reserved }),
  }))
  const body = {
    Name: object.name,
    CheckDuplicate: true,
    Driver: object.driver,
    Internal: object.internal,
    EnableIPv6: object.enableIpv6,
    Options: object.options,
    Labels: writtenLabels(object, input.fence.job),
    IPAM: { Driver: object.ipam.driver, Options: object.ipam.options, Config: config },
  }
  const request = { method: 'POST', path: '/networks/create', body, what: `network ${object.name}` } as const
  return (await client.json<{ Id: string }>(request, signal)).Id
}
