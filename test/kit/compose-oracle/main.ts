// npm run oracle -- fetch: gets Docker's Compose. npm run oracle -- record: asks it about the whole collection, and
// writes its answers down, so that tests need it no more.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askOracle } from './ask-oracle.ts'
import { EXPECTED, readCollection } from './collection.ts'
import { fetchOracle } from './fetch-oracle.ts'
import { findOracle } from './find-oracle.ts'
import { knownKeys } from './known-keys.ts'
import { portable } from './portable.ts'

switch (process.argv[2]) {
  case 'fetch':
    fetchOracle()
    console.log(`Compose ${findOracle()?.version} is there`)
    break
  case 'record':
    record()
    break
  default:
    console.error('Say what to do: fetch, record')
    process.exitCode = 2
}

function record(): void {
  const oracle = findOracle()
  if (!oracle) throw new Error('There is no Compose of version 2: install one, or npm run oracle -- fetch')
  rmSync(EXPECTED, { recursive: true, force: true })
  mkdirSync(EXPECTED, { recursive: true })
  const write = (name: string, content: unknown) =>
    writeFileSync(join(EXPECTED, name), `${JSON.stringify(content, null, 2)}\n`)
  for (const { name, question } of readCollection()) {
    const answer = askOracle(oracle, question)
    if (!answer.ok) throw new Error(`${name}: ${answer.message}`)
    write(`${name}.json`, portable(answer.model, question.folder))
  }
  const program = oracle.args.length === 0 ? oracle.command : null
  write('oracle.json', { version: oracle.version, ...(program !== null && { keys: knownKeys(program) }) })
  console.log(`recorded what Compose ${oracle.version} says`)
}
