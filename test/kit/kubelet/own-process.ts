/** Starts the stand-in kubelet as a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Counts, ProcessOptions } from './process.ts'

export type KubeletProcess = AsyncDisposable & { counts(): Promise<Counts> }

/** Resolves when its nodes are registered. */
export async function startKubeletProcess(options: ProcessOptions): Promise<KubeletProcess> {
  const child = fork(join(import.meta.dirname, 'process.ts'), { execArgv: [] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the stand-in kubelet ended with ${code}`)
  })
  ended.catch(() => {})
  const ask = async (message: object): Promise<Counts> => {
    const answer = once(child, 'message')
    child.send(message)
    const [counts] = await Promise.race([answer, ended])
    return counts as Counts
  }
  await ask(options)
  return {
    counts: () => ask({}),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      child.disconnect()
      await ended.catch(() => {})
    },
  }
}
