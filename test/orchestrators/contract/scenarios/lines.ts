// Reads the logs of a system as a client does.
import { expect } from 'vitest'
import type { Tycho } from '../../../kit/tycho.ts'
import { waitFor } from '../../../kit/wait.ts'

export async function readLogs(
  tycho: Tycho,
  system: string,
  query = '',
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${tycho.url}/v1/systems/${system}/logs${query}`, {
    signal: AbortSignal.timeout(30_000),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Once there are as many lines; what a container has just said is not there at once. */
export function logLines(tycho: Tycho, system: string, query: string, count: number): Promise<string[]> {
  return waitFor('the lines', async () => {
    const { status, text } = await readLogs(tycho, system, query)
    const lines = text.split('\n').slice(0, -1)
    return status === 200 && lines.length >= count ? lines : undefined
  })
}

export type FollowedLogs = AsyncDisposable & { lines: string[]; over: Promise<void> }

/** A stream that is read until it ends or is disposed of. */
export async function followLogs(tycho: Tycho, system: string, query = ''): Promise<FollowedLogs> {
  const leaving = new AbortController()
  const answer = await fetch(`${tycho.url}/v1/systems/${system}/logs?follow=true${query}`, {
    signal: leaving.signal,
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  const lines: string[] = []
  const read = async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    }
  }
  const over = read().catch((error: Error) => {
    if (!leaving.signal.aborted) throw error
  })
  return {
    lines,
    over,
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await over
    },
  }
}
