// `stop_signal`: a field of newer clusters, a shell's `kill` where the file asks for it, else a warning.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, clusterOf, compileServices, remarks, service } from './specs.ts'

const POD = 'spec.template.spec'
const LIFECYCLE = `${POD}.containers.0.lifecycle`

const stopped = (stopSignal: string, minor: number, given: Partial<ServiceSpec> = {}) =>
  compileServices({ web: service({ stopSignal, ...given }) }, { facts: clusterOf(minor) })
const killed = { extensions: { 'x-k8s': { stopByKill: true } } }

describe('the signal that ends a service', () => {
  test.each([
    ['SIGINT', 'SIGINT'],
    ['quit', 'SIGQUIT'],
    ['12', 'SIGUSR2'],
    ['SIGRTMIN+3', 'SIGRTMIN+3'],
  ])('%s is a field where the cluster knows it, beside the name of the system', (said, name) => {
    const compiled = stopped(said, 33)
    expect(at(compiled, 'Deployment/shop-web', LIFECYCLE)).toEqual({ stopSignal: name })
    expect(at(compiled, 'Deployment/shop-web', `${POD}.os`)).toEqual({ name: 'linux' })
    expect(remarks(compiled)).toEqual(['warning STOP_SIGNAL_GATED services.web.stop_signal'])
  })

  test('is never sent to a cluster that does not know the field', () => {
    const compiled = stopped('SIGINT', 32)
    expect(at(compiled, 'Deployment/shop-web', POD)).not.toHaveProperty('os')
    expect(at(compiled, 'Deployment/shop-web', LIFECYCLE)).toBeUndefined()
    expect(remarks(compiled)).toEqual(['warning STOP_SIGNAL_IGNORED services.web.stop_signal'])
  })

  test.each(['SIGTERM', 'term', '15'])('%s is sent anyway', (said) => {
    const compiled = stopped(said, 33)
    expect(at(compiled, 'Deployment/shop-web', POD)).not.toHaveProperty('os')
    expect(remarks(compiled)).toEqual([])
  })

  test.each(['SIGNAL', '0', '99'])('%s is refused: it is none', (said) => {
    expect(remarks(stopped(said, 33))).toEqual(['error INVALID_STOP_SIGNAL services.web.stop_signal'])
  })
})

describe('a kill that the file asks for', () => {
  const scriptOf = (compiled: ReturnType<typeof stopped>) =>
    at(compiled, 'Deployment/shop-web', `${LIFECYCLE}.preStop.exec.command`) as string[]

  test('takes the place of the field, on every cluster', () => {
    for (const minor of [20, 33]) {
      const compiled = stopped('SIGQUIT', minor, killed)
      expect(scriptOf(compiled)).toEqual(['/bin/sh', '-c', expect.stringMatching(/^\(kill -s QUIT 1 /)])
      expect(at(compiled, 'Deployment/shop-web', POD)).not.toHaveProperty('os')
      expect(remarks(compiled)).toEqual([])
    }
  })

  test("comes after the file's own steps", () => {
    const step = { image: null, user: null, privileged: false, workingDir: null, environment: {} }
    const preStop = [{ ...step, command: ['drain'], perReplica: false }]
    const compiled = stopped('INT', 33, { ...killed, hooks: { preStart: [], postStart: [], preStop } })
    expect(scriptOf(compiled)[2]).toMatch(/^\(exec 'drain'\) && \(kill -s INT 1 /)
  })

  test('ends when the process has ended', async () => {
    const process = spawn('sh', ['-c', 'trap "exit 7" USR1; echo up; while :; do sleep 0.05; done'])
    await once(process.stdout, 'data')
    const script = scriptOf(stopped('SIGUSR1', 33, killed))[2]?.replaceAll(
      /(USR1|-0) 1/g,
      `$1 ${process.pid}`,
    )
    const [[code]] = await Promise.all([
      once(process, 'exit'),
      once(spawn('sh', ['-c', script ?? '']), 'exit'),
    ])
    expect(code).toBe(7)
  })
})
