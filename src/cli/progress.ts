// Shows a job, or what is done as jobs are, while it is worked on: in place on a terminal, line by line elsewhere.
import { createLogUpdate } from 'log-update'
import type { Output } from './output.ts'
import type { Paint } from './paint.ts'

/** Disposing it leaves the terminal as it was found. */
export type Progress<Of> = Disposable & {
  show(state: Of): void
  /** A remark that stays on the screen. */
  note(line: string): void
}

/** The same words for both displays. `live`: the whole; `plain`: what is new since the last look. */
export type ProgressView<Of> = {
  live(state: Of, seconds: number, paint: Paint): string[]
  plain(before: Of | null, state: Of): string[]
}

const tickMs = 1_000

export function createProgress<Of>(
  output: Output,
  view: ProgressView<Of>,
  options: { quiet: boolean },
): Progress<Of> {
  if (options.quiet) return { show() {}, note() {}, [Symbol.dispose]() {} }
  return output.stderr.isTTY ? createLiveProgress(output, view) : createPlainProgress(output, view)
}

function createPlainProgress<Of>(output: Output, { plain }: ProgressView<Of>): Progress<Of> {
  let last: Of | null = null
  return {
    show(state) {
      for (const line of plain(last, state)) output.note(line)
      last = state
    },
    note: output.note,
    [Symbol.dispose]() {},
  }
}

function createLiveProgress<Of>(output: Output, { live }: ProgressView<Of>): Progress<Of> {
  const update = createLogUpdate(output.stderr)
  const beganAt = Date.now()
  let last: Of | null = null
  const render = () => {
    if (!last) return
    const seconds = Math.floor((Date.now() - beganAt) / 1000)
    update(live(last, seconds, output.paint.note).join('\n'))
  }
  const ticking = setInterval(render, tickMs)
  return {
    show(state) {
      last = state
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
