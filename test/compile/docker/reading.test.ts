// What is read from compiled stages: what may be shown, what is needed, what is pulled.
import { describe, expect, it } from 'vitest'
import { createDockerCompiler } from '../../../src/orchestrators/docker/compile/compiler.ts'
import { secretValuesOf } from '../../../src/system/secret-values.ts'
import { compileFile, identity, parse } from './kit.ts'

const { maskStages, needs, pullsOf, compile, objectNames } = createDockerCompiler()

const file = {
  services: {
    web: {
      image: 'shop/web',
      command: 'serve --password=hunter2-and-more',
      environment: { API_TOKEN: 'two words, both secret', PLAIN: 'shown', URL: 'postgres://me:sesame-5@db/' },
      secrets: ['key'],
      ports: ['80'],
      scale: 3,
      cpus: 0.5,
      mem_limit: '64m',
      deploy: { resources: { reservations: { memory: '32m' } } },
    },
    db: {
      image: 'postgres:17',
      pull_policy: 'always',
      volumes: ['data:/d'],
      pre_start: [{ command: ['a'] }],
    },
  },
  secrets: { key: { environment: 'KEY' } },
  volumes: { data: {} },
}
const options = { env: { KEY: 'Kept-Secret-1' } }

describe('compiled stages', () => {
  it('are shown without what is secret', () => {
    const { stages } = compileFile(file, options)
    const shown = JSON.stringify(maskStages(stages, secretValuesOf(parse(file, {}, options.env))))
    for (const secret of ['Kept-Secret-1', 'two words', 'both secret', 'hunter2', 'sesame-5'])
      expect(shown).not.toContain(secret)
    for (const plain of ['PLAIN=shown', 'postgres://me:', 'serve']) expect(shown).toContain(plain)
  })

  it('need what their containers do', () => {
    expect(needs(compileFile(file, options).stages)).toEqual({
      objects: { network: 1, volume: 1, files: 1, container: 5 },
      pods: 4,
      nodePorts: 3,
      cpuRequests: 0,
      cpuLimits: 1.5,
      memoryRequests: 3 * 2 ** 25,
      memoryLimits: 3 * 2 ** 26,
      storage: 0,
      images: ['postgres:17', 'shop/web'],
    })
  })

  it('name the images that are pulled for them, as the file says', () => {
    expect(pullsOf(compileFile(file, options).stages)).toEqual([
      { image: 'shop/web', policy: 'missing', where: {} },
      { image: 'postgres:17', policy: 'always', where: {} },
    ])
  })

  it('of a spec that is known are those of the other name, and the names are', () => {
    const spec = parse(file, {}, options.env)
    const input = (name: string) => ({ identity: { ...identity, name }, spec, exposure: 'nodePort' as const })
    const [first, second] = [compile(input('one')), compile(input('two'))]
    expect(second.problems).toBe(first.problems)
    expect(objectNames(input('two'))).toEqual(['two-web', 'two-db', 'two_default', 'two_data'])
    expect(JSON.stringify(second.stages)).toBe(
      JSON.stringify(createDockerCompiler().compile(input('two')).stages),
    )
  })
})
