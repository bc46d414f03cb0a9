// What is shown of a request: everything but its secrets, which are masked where they stand.
import { describe, expect, it } from 'vitest'
import { maskRequest, type SentRequest } from '../../src/compose/mask/mask-request.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { emptySystem } from '../../src/system/empty.ts'

function mask(sent: Partial<SentRequest>): SentRequest {
  const request = { compose: '', env: {}, files: {}, profiles: null, ...sent }
  const { compose, env, files } = request
  const { spec } = parseCompose({ compose, env, files })
  return maskRequest(request, spec ?? emptySystem())
}

const maskText = (compose: string) => mask({ compose }).compose as string

/** Every character but white space as a letter of the mask. */
const dots = (text: string) => text.replace(/[^\r\n]/g, '•')

const web = (lines: string) => `services:\n  web:\n    image: demo/hello\n${lines}`

describe('a masked Compose text', () => {
  it.each([
    ['in a map', '    environment:\n      DB_PASSWORD: hunter2\n      HOST: db\n', ['hunter2']],
    ['in a list', '    environment:\n      - DB_PASSWORD=my own word\n      - HOST=db\n', ['my own word']],
    [
      'in quotes',
      '    environment: {API_KEY: "a \\"b\\" c", TOKEN: \'it\'\'s\'}\n',
      ['a \\"b\\" c', "it''s"],
    ],
    ['as a number', '    environment: {PIN_SECRET: 1234}\n', ['1234']],
    ['in a command', '    command: serve --auth-token=abc123 --port=80\n', ['abc123']],
    ['in a URL', '    environment: {DB: "postgres://me:hunter2@db/app"}\n', ['hunter2']],
    ['behind an alias', '    x-a: &it hunter2\n    environment: {PASSWORD: *it}\n', ['hunter2']],
    ['with a default', '    environment: {PASSWORD: "${P:-hunter2}"}\n', ['${P:-hunter2}']],
  ])('hides a secret %s, and keeps all that stands around it', (_, lines, secrets) => {
    const text = web(lines)
    const expected = secrets.reduce((all, secret) => all.replace(secret, dots(secret)), text)
    expect(maskText(text)).toBe(expected)
  })

  it('keeps line breaks and indentation of a block, so that it reads as before', () => {
    const block = '    environment:\n      PRIVATE_KEY: |\n        one two\n\n        three\n'
    expect(maskText(web(block))).toBe(
      web('    environment:\n      PRIVATE_KEY: |\n        •••••••\n\n        •••••\n'),
    )
  })

  it.each([
    '    environment: {PASSWORD: "${DB_PASSWORD}", PASSWORD_FILE: /run/secrets/db, TOKEN: $T}\n',
    '    environment: {MODE: production, PATH: /usr/bin}\n    command: serve --port=80\n',
    '    secrets: [token]\nsecrets: {token: {file: token.txt}}\n',
  ])('leaves alone what is no secret: %j', (lines) => {
    expect(maskText(web(lines))).toBe(web(lines))
  })

  it('hides what a secret holds wherever else it stands', () => {
    const text = web('    command: [login, s3cret]\n    secrets: [a]\nsecrets: {a: {environment: A}}\n')
    const masked = mask({ compose: text, env: { A: 's3cret', B: 'x s3cret y', C: 'plain' } })
    expect(masked.compose).toBe(text.replace('s3cret', '••••••'))
    expect(masked.env).toEqual({ A: '••••••', B: 'x •••••• y', C: 'plain' })
  })

  it('keeps its second document, and a text that is no YAML is masked by lines', () => {
    expect(maskText(`${web('')}---\nservices: {web: {environment: {PASSWORD: abc}}}\n`)).toContain(
      'PASSWORD: •••}',
    )
    expect(maskText('a: [\nPASSWORD: abc\n')).toBe('a: [\nPASSWORD: •••\n')
  })
})

describe('a masked request', () => {
  it('has objects as they were sent', () => {
    const service = { image: 'a', environment: { PASSWORD: 'abc', PORT: 80 }, command: ['--token=x1', '-v'] }
    expect(mask({ compose: [{ services: { web: service } }] }).compose).toEqual([
      {
        services: {
          web: { ...service, environment: { PASSWORD: '•••', PORT: 80 }, command: ['--token=••', '-v'] },
        },
      },
    ])
  })

  it('has the files of secrets masked as a whole, and of variable files the secret ones', () => {
    const compose = web('    env_file: web.env\n    secrets: [key]\nsecrets: {key: {file: ./key.pem}}\n')
    const bytes = Buffer.from('TOKEN=abc\n\u00ff').toString('base64')
    const files = {
      'key.pem': '-----BEGIN-----\nab\n',
      'web.env': 'A=1\nexport DB_PASSWORD=a b\r\n',
      'more.yaml': 'services: {web: {environment: {TOKEN: abc}}}\n',
      'raw.bin': { base64: bytes },
    }
    const masked = mask({ compose, files }).files
    expect(masked).toMatchObject({
      'key.pem': '•••••••••••••••\n••\n',
      'web.env': 'A=1\nexport DB_PASSWORD=•••\r\n',
      'more.yaml': 'services: {web: {environment: {TOKEN: •••}}}\n',
    })
    const raw = masked['raw.bin'] as { base64: string }
    expect(raw.base64).toHaveLength(bytes.length)
    expect(Buffer.from(raw.base64, 'base64').toString()).toBe('TOKEN=***\n\u00ff')
  })
})
