// The log of the processes: errors are told without what was being written when they came.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const script = `
import { createLog } from './src/log.ts'
const error = Object.assign(new Error('ERR it is broken'), { command: { name: 'evalsha', args: ['hunter2'] } })
createLog({ name: 'api', level: 'info', pretty: false }).error({ err: error }, 'request failed')
`

it('an error of Redis is told without the arguments of its command', () => {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const line = JSON.parse(stdout)
  expect(line).toMatchObject({ msg: 'request failed', err: { message: 'ERR it is broken' } })
  expect(line.err.stack).toContain('ERR it is broken')
  expect(stdout).not.toContain('hunter2')
})
