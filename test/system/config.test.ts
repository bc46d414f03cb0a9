// Settings that can't be used are refused before anything starts.
import { expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'

it('takes the three orchestrators, and none by itself', () => {
  expect(readConfig({}).orchestrator).toBeNull()
  for (const kind of ['kubernetes', 'docker', 'swarm'])
    expect(readConfig({ TYCHO_ORCHESTRATOR: kind }).orchestrator).toBe(kind)
})

it('refuses another orchestrator, and says which there are', () => {
  expect(() => readConfig({ TYCHO_ORCHESTRATOR: 'nomad' })).toThrow(
    'TYCHO_ORCHESTRATOR: nomad is none of kubernetes, docker, swarm',
  )
})

it('refuses what is no range of ports', () => {
  expect(readConfig({ TYCHO_DOCKER_PORTS: '30000-30009' }).engine.ports).toEqual({ from: 30000, to: 30009 })
  for (const range of ['30000-20000', '0-10', '60000-70000'])
    expect(() => readConfig({ TYCHO_DOCKER_PORTS: range })).toThrow(`${range} is no range of ports`)
})

it('refuses what is no network to take subnets of', () => {
  expect(() => readConfig({ TYCHO_DOCKER_SUBNETS: '10.201.0.0/16,here' })).toThrow(
    'TYCHO_DOCKER_SUBNETS: here is no network',
  )
})
