// Values of variables that are called like secrets are known as such wherever the file puts them.
import { describe, expect, it } from 'vitest'
import { createMemberTemplate } from '../../src/compose/members/member-template.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { specOf, webFile } from './kit.ts'

const secret = 'hunter2-of-mine'
const env = { DB_PASSWORD: secret, MODE: 'production-7' }

/** What is known of the file whose service `web` has these lines. */
const known = (lines: string, variables: Record<string, string> = env, more = '') =>
  specOf(webFile(lines) + more, variables).secretValues

describe('the value of a variable that is called like a secret', () => {
  it.each([
    'command: serve --auth $DB_PASSWORD',
    'command: [serve, "${DB_PASSWORD:-none}"]',
    'labels: { who: "me:$DB_PASSWORD" }',
    'environment: { DB: "postgres://me:$DB_PASSWORD@db/" }',
    'environment: [DB_PASSWORD]',
    'healthcheck: { test: "login $DB_PASSWORD" }',
    'hostname: $DB_PASSWORD',
  ])('is known in %s', (lines) => {
    expect(known(lines)).toEqual([secret])
  })

  it('is known in a config', () => {
    const config = 'configs: { c: { content: "password is $DB_PASSWORD" } }\n'
    expect(known('configs: [c]', env, config)).toEqual([secret])
  })

  it('is known where quotes and blanks of it are syntax', () => {
    const DB_PASSWORD = `correct "horse" battery 9`
    expect(known('command: serve $DB_PASSWORD', { DB_PASSWORD })).toEqual([DB_PASSWORD])
  })

  it.each(['', '1', 'true', 'postgres', 'Ab1-'])('is not known where it is a word like %j', (DB_PASSWORD) => {
    expect(known('command: serve $DB_PASSWORD', { DB_PASSWORD })).toBeUndefined()
  })

  it('is not kept where the file does not use it, nor is any other variable', () => {
    expect(known('command: serve $MODE')).toBeUndefined()
    expect(known('command: serve ${DB_PASSWORD:+with} a password')).toBeUndefined()
  })

  it('is known of the variables that files bring', () => {
    const files = {
      '.env': `MY_TOKEN=${secret}1\nURL=http://\${MY_TOKEN}/\n`,
      'more/compose.yaml': 'services: { other: { image: a, command: [run, "$OTHER_TOKEN"] } }',
      'more/.env': `OTHER_TOKEN=${secret}2\n`,
    }
    const compose = `include: [more/compose.yaml]\n${webFile('command: [get, "$URL"]')}`
    const { spec } = parseCompose({ compose, env: {}, files })
    expect(spec?.secretValues).toEqual([`${secret}1`, `${secret}2`])
  })

  it('makes no difference to whether the name of a system counts', () => {
    const compose = webFile('command: serve $DB_PASSWORD')
    expect(parseCompose({ compose, env, systemName: 'hello' }).dependsOnName).toBe(false)
  })

  it('is each member’s own in a batch', () => {
    const compose = webFile('command: serve $DB_PASSWORD $SHARED_TOKEN')
    const template = createMemberTemplate({ compose, env: { SHARED_TOKEN: `${secret}-all` } })
    const of = (name: string, DB_PASSWORD: string) =>
      template.parse({ name, env: { DB_PASSWORD } }).spec?.secretValues
    expect(of('a-1', `${secret}-a`)).toEqual([`${secret}-all`, `${secret}-a`])
    expect(of('a-2', `${secret}-b`)).toEqual([`${secret}-all`, `${secret}-b`])
    expect(of('a-3', 'postgres')).toEqual([`${secret}-all`])
    const patterns = ['c', 'd'].map((name) => template.patternOf({ name, env: { DB_PASSWORD: secret } }))
    expect(patterns[0]).not.toBeNull()
    expect(patterns[1]).toBe(patterns[0])
    expect(patterns[0]?.spec.secretValues).toBeUndefined()
  })
})
