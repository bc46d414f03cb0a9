import { matchesGlob } from 'node:path'
import { describe, expect, it } from 'vitest'
import { librariesOf, rooms } from './rooms.ts'
import { importsOf, readSource, type SourceImport, sourceFiles } from './source-imports.ts'

const files = sourceFiles()
const imports = files.flatMap((file) => importsOf(file))

function roomOf(file: string): string | undefined {
  return Object.entries(rooms).find(([, { files }]) => files.some((glob) => matchesGlob(file, glob)))?.[0]
}

/** The rooms that an import of this kind may reach. */
function reachableFrom(room: string, kind: SourceImport['kind']): readonly string[] {
  const { mayImport = [], typesOf = [], mayLoad = [] } = rooms[room] ?? {}
  const more = { value: [], type: typesOf, dynamic: mayLoad }[kind]
  return [room, ...mayImport, ...more]
}

function trespass(each: SourceImport): string[] {
  const [from, to] = [roomOf(each.file), roomOf(each.target)]
  if (!from || !to) return [`${each.file} -> ${each.target}: no room`]
  if (reachableFrom(from, each.kind).includes(to)) return []
  return [`${each.file} (${from}) -> ${each.target} (${to}), as ${each.kind}`]
}

function strangeLibrary(each: SourceImport): string[] {
  const owners = librariesOf[each.target]
  const room = roomOf(each.file)
  if (!owners || each.kind === 'type' || (room && owners.includes(room))) return []
  return [`${each.file} imports ${each.target}, which belongs to ${owners.join(', ')}`]
}

describe('the source', () => {
  it('has a room for every file', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((file) => !roomOf(file))).toEqual([])
  })

  it('has a table that names only rooms', () => {
    const named = Object.values(rooms).flatMap((room) => [
      ...room.mayImport,
      ...(room.typesOf ?? []),
      ...(room.mayLoad ?? []),
    ])
    const owners = Object.values(librariesOf).flat()
    expect([...named, ...owners].filter((name) => !(name in rooms))).toEqual([])
  })

  it('imports in one direction only', () => {
    expect(imports.filter(({ isLocal }) => isLocal).flatMap(trespass)).toEqual([])
  })

  it('keeps each library in its room', () => {
    expect(imports.filter(({ isLocal }) => !isLocal).flatMap(strangeLibrary)).toEqual([])
  })

  it('imports bullmq in tasks alone, types too', () => {
    const importers = imports.filter(({ target }) => target === 'bullmq').map(({ file }) => file)
    expect(importers.filter((file) => !file.startsWith('src/tasks/'))).toEqual([])
  })

  it('ends relative imports in .ts', () => {
    const others = imports.filter(({ isLocal, specifier }) => isLocal && !specifier.endsWith('.ts'))
    expect(others).toEqual([])
  })

  it('reads the environment in config.ts alone', () => {
    expect(files.filter((file) => readSource(file).includes('process.env'))).toEqual(['src/config.ts'])
  })

  it('has no barrels and no file beyond 400 lines', () => {
    expect(files.filter((file) => file.endsWith('/index.ts'))).toEqual([])
    expect(files.filter((file) => readSource(file).split('\n').length > 401)).toEqual([])
  })
})

describe('the reader of imports', () => {
  const read = (text: string) =>
    importsOf('src/api/app.ts', text).map(({ target, kind }) => `${kind} ${target}`)

  it('sees every form', () => {
    expect(read("import a, { b } from './b.ts'\nimport './c.ts'\nexport * from '../d.ts'\n")).toEqual([
      'value src/api/b.ts',
      'value src/api/c.ts',
      'value src/d.ts',
    ])
    expect(read("import {\n  a,\n  b,\n} from '@scope/name/sub'\nimport fs from 'node:fs'\n")).toEqual([
      'value @scope/name',
      'value node:fs',
    ])
  })

  it('tells types and dynamic imports from values', () => {
    expect(read("import type { A } from './a.ts'\nimport { type A, type B } from './b.ts'\n")).toEqual([
      'type src/api/a.ts',
      'type src/api/b.ts',
    ])
    expect(read("import { type A, b } from './a.ts'\nconst c = await import('./c.ts')\n")).toEqual([
      'value src/api/a.ts',
      'dynamic src/api/c.ts',
    ])
  })
})
