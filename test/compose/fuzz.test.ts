import { describe, expect, test } from 'vitest'
import { parse } from './kit.ts'

const SEEDS = [
  `version: "3"
name: demo
x-base: &base {image: "nginx:\${TAG:-1.25}", restart: unless-stopped}
services:
  web:
    <<: *base
    command: sh -c "run $$HOME"
    ports: [8888:8888, "127.0.0.1:9000-9001:80-81/udp", {target: 90, published: "8000-8100"}]
    environment: [A=1, B]
    depends_on: {db: {condition: service_healthy}}
    deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 512M}}}
  db:
    image: redis
    expose: ["6379", 53/udp]
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1m30s}
    x-own: {a: [1, true, null, 0440]}
`,
  'services:\n  a:\n    image: x\n    environment:\n      K: |\n        text\n        more\n      L: >-\n        folded\n',
]
const PIECES = [
  '*base',
  '&base',
  '<<:',
  '${',
  '}',
  '$',
  '$$',
  '- ',
  ': ',
  '\n',
  '\t',
  '"',
  "'",
  '[',
  '{',
  ']',
  '#',
  '|',
]
const WORDS = [
  'services',
  'ports',
  'null',
  '!reset ',
  '---\n',
  '0',
  '-1',
  '99999',
  'ü',
  '\u0000',
  '\uD800',
  '    ',
  '?',
]

describe('mutated files', () => {
  test('never crash, and end in a spec or in problems', { timeout: 20_000 }, () => {
    const random = randomFrom(20_240_517)
    for (let round = 0; round < 5_000; round += 1) {
      const text = mutate(SEEDS[round % SEEDS.length] ?? '', random)
      const { spec, problems } = parse(text, { TAG: '2' })
      const hasError = problems.some(({ severity }) => severity === 'error')
      if ((spec === null) !== hasError || problems.some(isUnclear))
        throw new Error(`for ${JSON.stringify(text)}`)
    }
    expect(SEEDS.map((seed) => parse(seed).spec)).not.toContain(null)
  })
})

/** A problem without its place, or without a sentence. */
function isUnclear({
  line,
  column,
  message,
  code,
}: {
  line?: number
  column?: number
  message: string
  code: string
}) {
  const isPlaced = line !== undefined && column !== undefined && line > 0 && column > 0
  return !(isPlaced || code === 'COMPOSE_TOO_LARGE') || !/[.?]$/.test(message) || !/^[A-Z_]+$/.test(code)
}

function mutate(seed: string, random: (below: number) => number): string {
  let text = seed
  for (let count = random(4) + 1; count > 0; count -= 1) {
    const at = random(text.length + 1)
    const length = random(3) === 0 ? random(30) : 0
    const pool = random(2) === 0 ? PIECES : WORDS
    const inserted = random(4) === 0 ? text.slice(at, at + random(40)) : (pool[random(pool.length)] ?? '')
    text = text.slice(0, at) + inserted + text.slice(at + length)
  }
  return text
}

/** The same numbers in every run (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
