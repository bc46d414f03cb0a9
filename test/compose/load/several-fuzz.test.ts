import { describe, expect, test } from 'vitest'
import { createRandom, type Random } from '../../kit/random.ts'
import { load } from '../load-kit.ts'

const FILES: Readonly<Record<string, string>> = {
  'compose[0]': `include: [part/part.yaml, {path: [part/part.yaml], env_file: part/.env}]
services:
  web: &web
    extends: {file: part/base.yaml, service: base}
    image: "nginx:\${TAG:-1}"
    env_file: [a.env, {path: a.env, format: raw, required: false}]
    ports: [80, "8080-8081:80-81"]
    environment: {A: 1, B: }
    profiles: [one, two]
    depends_on: [db]
  db: {extends: web, profiles: !reset [], depends_on: !override []}
`,
  'compose[1]': `x-over: &over {ports: !override ["81:81"], environment: [A=2, C]}
services:
  web: {<<: *over, networks: [n], build: ., logging: {driver: local}}
  db: !override
    image: redis
networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8}]}}}
---
services: {web: {networks: {n: {aliases: [x]}}, extra_hosts: {a: [1.1.1.1]}}}
`,
  'part/part.yaml':
    'services:\n  part: {image: p, volumes: ["./d:/d"], environment: [FROM]}\nvolumes: {v: {}}\n',
  'part/base.yaml':
    'services:\n  base: {extends: {service: root}, build: {context: ./x}}\n  root: {labels: [a=b], label_file: l}\n',
  'part/l': 'c=d\n',
  'part/.env': 'FROM=x\n',
  '.env': 'TAG=2\nexport K="v $TAG"\n',
  'a.env': 'A=1 # c\nB=\'x\'\nC\nD="\\n${A}"\n',
}

const PIECES = [
  'extends: web',
  'include: [',
  '!reset ',
  '!override ',
  '*web',
  '<<: *web',
  '${',
  '"',
  "'",
  ': ',
  '\n',
  '    ',
]
const WORDS = [
  'part/part.yaml',
  '../x',
  '/etc',
  'web',
  'db',
  'null',
  '[]',
  '{}',
  '- ',
  '---\n',
  '=',
  '#',
  '$$',
  'https://a/b',
]

describe('mutated files that belong together', () => {
  test('never crash, and end in a spec or in problems that have a place', { timeout: 30_000 }, () => {
    const random = createRandom(3)
    const names = Object.keys(FILES)
    for (let round = 0; round < 1_500; round += 1) {
      const files = { ...FILES }
      for (let count = random.below(3) + 1; count > 0; count -= 1) {
        const name = random.pick(names)
        files[name] = mutate(files[name] ?? '', random)
      }
      const { 'compose[0]': one, 'compose[1]': two, ...rest } = files
      const { spec, problems } = load([one, two], rest, { profiles: round % 2 === 0 ? ['*'] : ['one'] })
      const hasError = problems.some(({ severity }) => severity === 'error')
      const isUnclear = problems.some(
        ({ code, message, line }) =>
          !/[.?]$/.test(message) || (line === undefined && code !== 'TOO_MANY_PROBLEMS'),
      )
      if ((spec === null) !== hasError || isUnclear) throw new Error(JSON.stringify({ files, problems }))
    }
    const { 'compose[0]': one, 'compose[1]': two, ...rest } = FILES
    expect(
      load([one, two], rest, { profiles: ['*'] }).problems.filter(({ severity }) => severity === 'error'),
    ).toEqual([])
  })
})

function mutate(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const length = random.once(3) ? random.below(20) : 0
  const inserted = random.once(4)
    ? text.slice(at, at + random.below(40))
    : random.pick(random.once(2) ? PIECES : WORDS)
  return text.slice(0, at) + inserted + text.slice(at + length)
}
