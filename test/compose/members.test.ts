// One file for many systems: filling slots gives what reading the file for each of them gives.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemberTemplate, type MemberInput } from '../../src/compose/members/member-template.ts'
import { parseCompose } from '../../src/compose/parse.ts'

const base = { BASE: 'of-the-batch', EMPTY: '' }

const notebook = `services:
  notebook:
    image: demo/notebook:\${VERSION:-1}
    command: start --token=\${TYCHO_TOKEN} --name \${STUDENT}
    environment:
      STUDENT: \${STUDENT}
      PLACE: "no \${TYCHO_INDEX} of \${TYCHO_NAME}"
    ports: ["8888"]
    volumes: ["work:/work"]
volumes:
  work: {}
`

const student = (name: string, more: Record<string, string> = {}): MemberInput => ({
  name,
  env: {
    STUDENT: `student-of-${name}`,
    TYCHO_INDEX: '7',
    TYCHO_NAME: name,
    TYCHO_TOKEN: 'abc123def',
    ...more,
  },
})

/** As reading the file for this one alone. */
function inFull(compose: string, { name, env }: MemberInput, files = {}) {
  const { spec, problems, positions } = parseCompose({
    compose,
    env: { ...base, ...env },
    files,
    systemName: name,
  })
  return { spec: plain(spec), problems, positions }
}

function byTemplate(template: ReturnType<typeof createMemberTemplate>, member: MemberInput) {
  const { spec, problems, positions } = template.parse(member)
  return { spec: plain(spec), problems, positions }
}

/** As it is stored. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

describe('a template', () => {
  it('is read once for all whose values only fill slots', () => {
    const template = createMemberTemplate({ compose: notebook, env: base })
    const patterns = ['a-1', 'a-2', 'a-3'].map((name) => template.patternOf(student(name)))
    expect(patterns[0]).not.toBeNull()
    expect(new Set(patterns).size).toBe(1)
    expect(byTemplate(template, student('a-2'))).toEqual(inFull(notebook, student('a-2')))
  })

  it('is read once for each value that stands elsewhere', () => {
    const template = createMemberTemplate({ compose: notebook, env: base })
    const of = (name: string, version: string) => template.patternOf(student(name, { VERSION: version }))
    expect(of('a-1', '1')).toBe(of('a-2', '1'))
    expect(of('a-1', '1')).not.toBe(of('a-3', '2'))
    const third = student('a-3', { VERSION: '2' })
    expect(byTemplate(template, third)).toEqual(inFull(notebook, third))
    expect(template.parse(third).spec?.services.notebook?.image).toBe('demo/notebook:2')
  })

  it('is read in full for a value that is not plain', () => {
    const template = createMemberTemplate({ compose: notebook, env: base })
    const quoted = student('a-1', { STUDENT: `two words' "` })
    template.patternOf(student('a-0'))
    expect(template.patternOf(quoted)).toBeNull()
    expect(byTemplate(template, quoted)).toEqual(inFull(notebook, quoted))
  })

  it('leaves out a name that happens to be the implied one', () => {
    const compose = notebook.replace('work: {}', 'work: { name: a-1_work }')
    const template = createMemberTemplate({ compose, env: base })
    for (const name of ['a-0', 'a-1', 'a-2']) {
      expect(byTemplate(template, student(name))).toEqual(inFull(compose, student(name)))
    }
    expect(template.parse(student('a-1')).spec?.volumes.work?.name).toBeNull()
  })

  it('heeds variables that say how a file is read', () => {
    const compose = `${notebook}  other: {}\n`.replace(
      'services:\n',
      'services:\n  extra: { image: demo/extra, profiles: [more] }\n',
    )
    const template = createMemberTemplate({ compose, env: base })
    for (const profiles of ['', 'more']) {
      const member = student('a-1', { COMPOSE_PROFILES: profiles })
      expect(byTemplate(template, member)).toEqual(inFull(compose, member))
    }
  })
})

const variable = fc.constantFrom(
  'STUDENT',
  'VERSION',
  'TYCHO_INDEX',
  'TYCHO_NAME',
  'TYCHO_TOKEN',
  'DB_PASSWORD',
  'BASE',
  'EMPTY',
  'NONE',
  'COMPOSE_PROJECT_NAME',
)

const reference = fc
  .tuple(variable, fc.constantFrom('', ':-dflt', '-dflt', ':+alt', '+alt', ':-${STUDENT}', ':?needed'))
  .map(([name, operator]) => `\${${name}${operator}}`)

const text = fc
  .array(fc.oneof(reference, fc.constantFrom('a', '-', '1', '_', ' ', '=', '.', ':', '/', '$$')), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''))

/** Places of a file in which a variable may stand. */
const file = fc
  .record({
    image: fc.oneof(fc.constant('demo/a'), text),
    command: fc.oneof(text, fc.array(text, { maxLength: 3 })),
    entrypoint: fc.oneof(fc.constant(undefined), fc.array(text, { maxLength: 2 })),
    environment: fc.dictionary(fc.constantFrom('A', 'B', 'STUDENT', 'API_TOKEN'), text),
    list: fc.array(fc.oneof(fc.constantFrom('STUDENT', 'NONE', '${STUDENT}'), text), { maxLength: 2 }),
    labels: fc.dictionary(fc.constantFrom('a', 'b.c', 'kompose.service.type'), text),
    ports: fc.array(fc.oneof(fc.constant('80'), text), { maxLength: 2 }),
    hostname: fc.oneof(fc.constant(undefined), text),
    healthcheck: fc.oneof(
      fc.constant(undefined),
      fc.record({ test: fc.oneof(text, fc.array(text, { maxLength: 2 })) }),
    ),
    replicas: fc.oneof(fc.constant(undefined), text),
    volume: fc.oneof(fc.constant({}), fc.record({ name: text })),
    config: text,
    name: fc.oneof(fc.constant(undefined), text),
    envFile: text,
    profile: fc.oneof(fc.constant(undefined), text),
  })
  .map(({ volume, config, name, replicas, list, envFile, profile, ...service }) => ({
    compose: JSON.stringify({
      ...(name !== undefined && { name }),
      services: {
        web: { ...service, env_file: ['some.env'], deploy: { replicas }, configs: ['c'], volumes: ['v:/v'] },
        other: { image: 'demo/b', environment: list, ...(profile && { profiles: [profile] }) },
      },
      volumes: { v: volume },
      configs: { c: { content: config } },
    }),
    files: { 'some.env': `FROM_FILE=${envFile.replaceAll('\n', '')}\n` },
  }))

const value = fc.oneof(
  fc.constantFrom(
    'ada',
    '1',
    '8080',
    'true',
    'null',
    'a b',
    '',
    '$X',
    '"',
    'é',
    '~',
    '1e3',
    'CMD',
    'a-1',
    '0x10',
    '#a',
    'BASE',
    'x'.repeat(200),
  ),
  fc.string({ maxLength: 6 }),
)

const members = fc.array(
  fc.record({
    name: fc.constantFrom('a-1', 'a-2', 'class-7'),
    env: fc.record(
      {
        STUDENT: value,
        VERSION: value,
        DB_PASSWORD: fc.oneof(value, fc.constantFrom('made-Up-77', 'it"s-77-up')),
      },
      { requiredKeys: [] },
    ),
  }),
  { minLength: 2, maxLength: 4 },
)

it('gives each system what reading the file with its variables gives', () => {
  fc.assert(
    fc.property(file, members, ({ compose, files }, drawn) => {
      const template = createMemberTemplate({ compose, env: base, files })
      for (const [index, { name, env }] of drawn.entries()) {
        const member = {
          name,
          env: { ...env, TYCHO_INDEX: `${index}`, TYCHO_NAME: name, TYCHO_TOKEN: `f00${index}-made-up` },
        }
        expect(byTemplate(template, member)).toEqual(inFull(compose, member, files))
      }
    }),
    { numRuns: 600 },
  )
})
