// What a cluster says of objects, at the line of the file that they came from.
import type { JobRecord } from '../src/jobs/job.ts'
import { locateProblems, type Problem, TychoError } from '../src/problem.ts'
import type { Store } from '../src/store/store.ts'
import { readContent, type StoredSpec } from './content.ts'

/** There are few: the positions are read only where they are needed. */
export async function locate(store: Store, spec: string, problems: Problem[]): Promise<Problem[]> {
  if (problems.length === 0) return problems
  return locateProblems(problems, (await readContent<StoredSpec>(store, spec)).positions)
}

/** Throws what `act` throws; its Problems have the lines of the job's file. */
export async function located<T>(store: Store, { spec }: JobRecord, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof TychoError) || error.problems.length === 0) throw error
    const { problems } = error
    // Where the file is no longer stored, the refusal alone is told.
    throw error.withProblems(await locate(store, spec, problems).catch(() => problems))
  }
}
