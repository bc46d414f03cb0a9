import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectVariables, namesIn, type VariableOptions } from '../../src/cli/variables.ts'
import { temporaryFolder } from './kit.ts'

const shell: Record<string, string> = { TAG: 'shell', TOKEN: 'secret', HOME: '/home/ann' }

function collect(text: string, folder: string, options: VariableOptions = {}) {
  const source = { path: join(folder, 'compose.yaml'), label: 'compose.yaml', text }
  return collectVariables(source, options, (names) =>
    Object.fromEntries(Object.entries(shell).filter(([name]) => names.includes(name))),
  )
}

describe('the variables that are sent with a file', () => {
  it('are named by it, also in the arguments of others', () => {
    expect(namesIn('a: $A ${B} ${C:-${D}} $$E $${F} ${G:?why}')).toEqual(['A', 'B', 'C', 'D', 'G'])
  })

  it('leave out what the file does not name', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, '.env'), 'TAG=file\nPASSWORD=x\n')
    expect(await collect('image: "a:${TAG}"', folder.path)).toEqual({ TAG: 'shell' })
    expect(await collect('image: a', folder.path)).toEqual({})
  })

  it('come from --env, then the shell, then the files', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, '.env'), 'TAG=file\nPORT=1\nA=dot\n')
    const text = '$TAG $PORT $A'
    expect(await collect(text, folder.path)).toEqual({ TAG: 'shell', PORT: '1', A: 'dot' })
    expect(await collect(text, folder.path, { env: ['TAG=given', 'A=a=b'] })).toEqual({
      TAG: 'given',
      PORT: '1',
      A: 'a=b',
    })
  })

  it('take --env-file in the place of .env, the last one first', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, '.env'), 'A=dot\nB=dot\n')
    const files = ['one.env', 'two.env'].map((name) => join(folder.path, name))
    for (const file of files) writeFileSync(file, `A=${file.slice(-7, -4)}\n`)
    expect(await collect('$A $B', folder.path, { envFile: files })).toEqual({ A: 'two' })
  })

  it('include what an environment passes on', async () => {
    using folder = temporaryFolder()
    const list = 'services: { a: { environment: [TOKEN, B=1] } }'
    const map = 'services: { a: { environment: { TOKEN: , B: 1 } } }'
    expect(await collect(list, folder.path)).toEqual({ TOKEN: 'secret' })
    expect(await collect(map, folder.path)).toEqual({ TOKEN: 'secret' })
  })

  it('must have a value', async () => {
    using folder = temporaryFolder()
    expect(await collect('', folder.path, { env: ['TOKEN'] })).toEqual({ TOKEN: 'secret' })
    await expect(collect('', folder.path, { env: ['NOPE'] })).rejects.toThrow('--env NOPE')
    await expect(collect('', folder.path, { env: ['1=secret'] })).rejects.toThrow('write it as KEY=value')
  })
})
