// One set-up at a time in this folder: two npm scripts may be started together.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const pollMs = 200

/** A lock without a holder's id is being written, or was left behind by a full disk. */
const emptyForMs = 5_000

/** Waits for the lock file and returns its release. The lock of a process that is gone is taken over. */
export async function holdLock(file) {
  mkdirSync(dirname(file), { recursive: true })
  for (let waited = false; !tryLock(file); waited = true) {
    if (isLeftBehind(file)) {
      rmSync(file, { force: true })
      continue
    }
    if (!waited) console.log('tycho: another set-up is running in this folder; waiting for it')
    await setTimeout(pollMs)
  }
  const release = () => rmSync(file, { force: true })
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      release()
      process.exit(1)
    })
  }
  return release
}

function tryLock(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

function isLeftBehind(file) {
  try {
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return holder ? !isAlive(holder) : Date.now() - statSync(file).mtimeMs > emptyForMs
  } catch {
    return false // released just now
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
