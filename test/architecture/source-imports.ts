// Reads the imports of every source file, static and dynamic, with their kind.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

/** `target`: a file of this repository relative to its root, or the name of a package. */
export type SourceImport = {
  file: string
  specifier: string
  target: string
  isLocal: boolean
  kind: 'type' | 'value' | 'dynamic'
}

/** Files of src/ and workers/, relative to the root. */
export function sourceFiles(): string[] {
  return globSync(['src/**/*.ts', 'workers/**/*.ts'], { cwd: root }).sort()
}

export function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

const STATIC = /^(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g

export function importsOf(file: string, text = readSource(file)): SourceImport[] {
  const found = [...text.matchAll(STATIC)].map(([statement, , type, specifier = '']) =>
    toImport(file, specifier, type || isTypesOnly(statement) ? 'type' : 'value'),
  )
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, specifier = '']) =>
    toImport(file, specifier, 'dynamic'),
  )
  return [...found, ...dynamic]
}

/** `import { type A, type B } from` is erased like `import type`. */
function isTypesOnly(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1]?.split(',') ?? []
  const given = names.map((name) => name.trim()).filter((name) => name !== '')
  return given.length > 0 && given.every((name) => name.startsWith('type '))
}

function toImport(file: string, specifier: string, kind: SourceImport['kind']): SourceImport {
  const isLocal = specifier.startsWith('.')
  const target = isLocal
    ? relative(root, join(root, dirname(file), specifier))
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
  return { file, specifier, target, isLocal, kind }
}
