import { describe, expect, test } from 'vitest'
import { loaded, troubles } from '../load-kit.ts'

const TEXT = `services:
  web: {image: a}
  debug: {image: b, profiles: [debug, dev]}
  test: {image: c, profiles: [test]}
`

function on(profiles?: string[], env: Record<string, string> = {}): string[] {
  return Object.keys(loaded(TEXT, {}, { env, ...(profiles && { profiles }) }).services)
}

describe('profiles', () => {
  test.each([
    [[], ['web']],
    [['debug'], ['web', 'debug']],
    [
      ['dev', 'test'],
      ['web', 'debug', 'test'],
    ],
    [['*'], ['web', 'debug', 'test']],
    [['other'], ['web']],
  ])('%j: %j', (profiles, names) => expect(on(profiles)).toEqual(names))

  test('COMPOSE_PROFILES counts where none are given', () => {
    expect(on(undefined, { COMPOSE_PROFILES: 'test, dev' })).toEqual(['web', 'debug', 'test'])
    expect(on([], { COMPOSE_PROFILES: 'test' })).toEqual(['web'])
  })

  test('a service needs what it depends on to be on', () => {
    const text = (required: string) =>
      `services:\n  web:\n    image: a\n    depends_on:\n      db: {condition: service_started${required}}\n  db: {image: b, profiles: [db]}\n`
    expect(troubles(text(''), {}, { profiles: [] })).toEqual([
      'compose.yaml:5:7 DISABLED_DEPENDENCY services.web.depends_on.db',
    ])
    expect(troubles(text(''), {}, { profiles: ['db'] })).toEqual([])
    const spec = loaded(text(', required: false'), {}, { profiles: [] })
    expect(spec.services.web?.dependsOn).toEqual({})
  })

  test('services that are off need nothing', () => {
    const text =
      'services: {web: {image: a}, db: {image: b, profiles: [db], depends_on: [nobody], env_file: none.env}}'
    expect(troubles(text)).toEqual([])
    expect(troubles(text, {}, { profiles: ['db'] })).toHaveLength(2)
  })

  test('something must be on', () => {
    expect(troubles('services:\n  web: {image: a, profiles: [x]}\n')).toEqual([
      'compose.yaml:2:3 NO_SERVICE_ENABLED services',
    ])
  })
})
