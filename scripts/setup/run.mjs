// Programs that the set-up runs: quiet while they work, with their last words when they fail.
import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A set-up that can't go on; the message is for the person who started it. */
export class SetupError extends Error {}

/** The full path of a program, looked for as a shell does; undefined where there is none. */
export function findProgram(name, path = process.env.PATH ?? '') {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe', ''] : ['']
  for (const folder of path.split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, name + ending)
      if (folder !== '' && isExecutable(file)) return file
    }
  }
  return undefined
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Says what is being done, does it, and says how long it took. Throws SetupError with the program's last lines. */
export async function runStep(what, program, args, options = {}) {
  const began = Date.now()
  console.log(`tycho: ${what} ...`)
  const { code, output } = await run(program, args, options)
  if (code !== 0) {
    const last = output.trimEnd().split('\n').slice(-15).join('\n  ')
    throw new SetupError(`tycho: ${what} failed (${program} ended with ${code}):\n  ${last}`)
  }
  console.log(`tycho: ${what}: done in ${Math.round((Date.now() - began) / 1000)} s`)
}

function run(program, args, options) {
  return new Promise((resolve) => {
    const chunks = []
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      ...options,
    })
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.once('error', (error) => resolve({ code: error.message, output: '' }))
    child.once('close', (code, signal) =>
      resolve({ code: code ?? signal, output: Buffer.concat(chunks).toString() }),
    )
  })
}
