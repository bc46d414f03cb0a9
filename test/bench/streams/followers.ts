// Many clients of a server's streams, each on a connection of its own, that note when they are told something.
import { type IncomingMessage, request } from 'node:http'

export type Followers = Disposable & {
  /** Resolves with the time (`performance.now`) at which the last of a job's clients was told something. */
  toldNext(id: string): Promise<number>
}

/** Resolves when each of them was told the present state. */
export async function openFollowers(url: string, ids: readonly string[]): Promise<Followers> {
  const waits = new Map<string, { left: number; resolve: (at: number) => void }>()
  const counts = new Map<string, number>()
  const asked: (() => void)[] = []
  const openOne = async (id: string) => {
    counts.set(id, (counts.get(id) ?? 0) + 1)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const asking = request(`${url}/v1/jobs/${id}/events`, { agent: false }, (response) =>
      onEvents(response, () => {
        resolve()
        note(id)
      }),
    )
    asking.once('error', reject).end()
    asked.push(() => asking.destroy())
    await promise
    asking.off('error', reject).on('error', () => {})
  }
  const note = (id: string) => {
    const wait = waits.get(id)
    if (!wait) return
    wait.left -= 1
    if (wait.left > 0) return
    waits.delete(id)
    wait.resolve(performance.now())
  }
  await Promise.all(ids.map(openOne))
  return {
    toldNext(id) {
      const { promise, resolve } = Promise.withResolvers<number>()
      waits.set(id, { left: counts.get(id) ?? 0, resolve })
      return promise
    },
    [Symbol.dispose]() {
      for (const end of asked) end()
    },
  }
}

function onEvents(response: IncomingMessage, told: () => void): void {
  response.setEncoding('utf8')
  let rest = ''
  response.on('data', (chunk: string) => {
    rest += chunk
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      if (rest.slice(0, end).includes('event: ')) told()
      rest = rest.slice(end + 2)
    }
  })
  response.on('error', () => {})
}
