// Follows whether a task that is being done still is this worker's to do: asked before each write, told by a message
// when it is taken away, and looked at now and then in case the message was lost.
import { type Hold, mayGoOn } from '../src/jobs/hold.ts'
import type { Store } from '../src/store/store.ts'
import type { HandlerContext } from '../src/tasks/consume.ts'
import { StoppedError } from './stopped-error.ts'

export type HoldWatch = Disposable & {
  /** Throws StoppedError when the task may write no more. */
  check(): Promise<void>
  /** Cuts off what is under way: at once where the task is another's by now, else what does not end in time. */
  signal: AbortSignal
}

/** What a write that is under way is given to end by itself, so that its outcome is known; well within the closing. */
const patienceMs = 5_000

const pollMs = 2_000

export function watchHold(
  store: Store,
  hold: Hold,
  { lost, closing }: Pick<HandlerContext, 'lost' | 'closing'>,
): HoldWatch {
  const cut = new AbortController()
  const stack = new DisposableStack()
  let patience: NodeJS.Timeout | undefined
  const cutSoon = () => {
    patience ??= setTimeout(() => cut.abort(new StoppedError(`job ${hold.job}`)), patienceMs)
  }
  const look = () =>
    store.works.job(hold.job).then(
      (job) => mayGoOn(job, hold) || cutSoon(),
      () => {},
    )
  stack.defer(() => clearTimeout(patience))
  stack.defer(store.changes.onInterrupt(hold.job, () => void look()))
  stack.adopt(setInterval(look, pollMs), clearInterval)
  onAbort(lost, () => cut.abort(new StoppedError(`job ${hold.job}`)), stack)
  onAbort(closing, cutSoon, stack)
  return {
    signal: cut.signal,
    async check() {
      const isOver = cut.signal.aborted || closing.aborted
      if (isOver || !(await maySendMore(store, hold))) throw new StoppedError(`job ${hold.job}`)
    },
    [Symbol.dispose]: () => stack.dispose(),
  }
}

/** Of a job that nobody has changed its revision alone is read. */
async function maySendMore({ works }: Store, hold: Hold): Promise<boolean> {
  const head = await works.head(hold.job)
  return head?.revision === hold.revision || mayGoOn(await works.job(hold.job), hold)
}

function onAbort(signal: AbortSignal, act: () => void, stack: DisposableStack): void {
  if (signal.aborted) {
    act()
    return
  }
  signal.addEventListener('abort', act)
  stack.defer(() => signal.removeEventListener('abort', act))
}
