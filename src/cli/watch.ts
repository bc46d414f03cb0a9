// Shows what is waited for until it is done: a job, a batch, images that are pulled beforehand.
import { InterruptedError, PatienceError } from './exit-codes.ts'
import { createInterrupt } from './interrupt.ts'
import type { Output } from './output.ts'
import { createProgress, type ProgressView } from './progress.ts'
import { type Poll, type Tagged, waitUntilDone } from './wait.ts'

export type Watch<Of> = {
  first: Tagged<Of>
  poll: Poll<Of>
  view: ProgressView<Of>
  json: true | undefined
  /** Longest wait; null: until it is done. */
  limitMs: number | null
  /** What is said instead where the user, or the command's patience, ends the wait: what goes on, and how to see it. */
  farewell: (error: unknown, last: Of) => unknown
}

/** As it is when it is done. Throws what `farewell` makes of an error. */
export async function watchUntilDone<Of extends { done: boolean; revision: number }>(
  { first, poll, view, json, limitMs, farewell }: Watch<Of>,
  output: Output,
): Promise<Of> {
  using interrupt = createInterrupt()
  using progress = createProgress(output, view, { quiet: json === true })
  let last = first.state
  try {
    return await waitUntilDone(first, poll, {
      onChange: (state) => {
        last = state
        progress.show(state)
      },
      onAbsence: (reason) => progress.note(`${reason}; trying again`),
      signal: interrupt.signal,
      limitMs,
    })
  } catch (error) {
    throw farewell(error, last)
  }
}

/** The same error with what goes on without the user; others as they are. `hint`: how to see it, and to end it. */
export function goesOn(error: unknown, hint: string): unknown {
  if (error instanceof PatienceError) return new PatienceError(`${error.message}. The work goes on: ${hint}`)
  return error instanceof InterruptedError ? new InterruptedError(`It goes on: ${hint}`) : error
}
