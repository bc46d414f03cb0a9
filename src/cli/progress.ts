// Shows a job while it is worked on: in place on a terminal, line by line elsewhere.
import { createLogUpdate } from 'log-update'
import type { Job } from '../client/shapes.ts'
import type { Output } from './output.ts'
import { liveLines, plainLines } from './progress-view.ts'

/** Disposing it leaves the terminal as it was found. */
export type Progress = Disposable & {
  show(job: Job): void
  /** A remark that stays on the screen. */
  note(line: string): void
}

const tickMs = 1_000

export function createProgress(output: Output, options: { quiet: boolean }): Progress {
  if (options.quiet) return { show() {}, note() {}, [Symbol.dispose]() {} }
  return output.stderr.isTTY ? createLiveProgress(output) : createPlainProgress(output)
}

function createPlainProgress(output: Output): Progress {
  let last: Job | null = null
  return {
    show(job) {
      for (const line of plainLines(last, job)) output.note(line)
      last = job
    },
    note: output.note,
    [Symbol.dispose]() {},
  }
}

function createLiveProgress(output: Output): Progress {
  const update = createLogUpdate(output.stderr)
  const beganAt = Date.now()
  let last: Job | null = null
  const render = () => {
    if (!last) return
    const seconds = Math.floor((Date.now() - beganAt) / 1000)
    update(liveLines(last, seconds, output.paint.note).join('\n'))
  }
  const ticking = setInterval(render, tickMs)
  return {
    show(job) {
      last = job
      render()
    },
    note: (line) => update.persist(line),
    [Symbol.dispose]() {
      clearInterval(ticking)
      update.clear()
      update.done()
    },
  }
}
