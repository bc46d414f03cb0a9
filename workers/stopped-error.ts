// A task that may write no more ends by this; whoever runs it knows what that means.
import { TychoError } from '../src/problem.ts'

/** It was canceled, superseded or taken over, or the worker is closing. `what`: on which the task works. */
export class StoppedError extends TychoError {
  constructor(what: string) {
    super('TASK_STOPPED', `The task of ${what} is not to go on in this worker`)
  }
}
