// Somebody who starts single systems before and during a launch.
import type { Options } from './options.ts'
import type { Service } from './service.ts'
import { openSight } from './sight.ts'
import { type Single, startSingles } from './singles.ts'
import type { Site } from './site.ts'

export type Singles = { idle: Single[]; during: Single[] }

export type Person = AsyncDisposable & {
  /** Starts while that is done, and answers with it. */
  during(work: () => Promise<void>): Promise<void>
  /** Null where nobody starts single systems. */
  singles(): Promise<Singles | null>
}

const most = 40

/** The idle starts are over when it resolves. */
export async function openPerson(site: Site, service: Service, { exposure }: Options): Promise<Person> {
  const { single } = service
  if (!single) {
    return { during: (work) => work(), singles: async () => null, [Symbol.asyncDispose]: async () => {} }
  }
  const sight = await openSight(site.api, single.namespaces)
  const start = (name: string, isOver: () => boolean) =>
    startSingles(service, single, sight, { name, most, exposure, isOver })
  const idle = await start('idle', () => false)
  let meanwhile: Promise<Single[]> = Promise.resolve([])
  return {
    async during(work) {
      let isOver = false
      meanwhile = start('during', () => isOver)
      // Who asks for them is told.
      meanwhile.catch(() => {})
      await work()
      isOver = true
    },
    singles: async () => ({ idle, during: await meanwhile }),
    [Symbol.asyncDispose]: () => sight[Symbol.asyncDispose](),
  }
}
