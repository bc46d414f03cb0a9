// One `tycho dev` per data folder: two Redis servers on the same files would destroy them.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../exit-codes.ts'

/**
 * Holds the folder until it is disposed of, or the process ends, however it ends: SQLite's lock is one of the operating
 * system's, which Node itself has no function for. Throws StartError where another process holds it.
 */
export function holdFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true })
  const database = new DatabaseSync(join(folder, 'in-use.lock'))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    throw new StartError(
      `Tycho runs already with the data in ${folder}: stop it first, or set TYCHO_DATA_DIR and TYCHO_PORT for a second one`,
    )
  }
  return { [Symbol.dispose]: () => database.close() }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
