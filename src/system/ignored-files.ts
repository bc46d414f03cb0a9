// `.dockerignore`: which files of a build's folder its image is made without
// (https://docs.docker.com/build/concepts/context/#dockerignore-files).

export type IsIgnored = (path: string) => boolean

type Rule = { expression: RegExp; isException: boolean }

/** `text`: the file's; paths are relative to its folder. What is below an ignored folder is ignored too. */
export function parseIgnored(text: string): IsIgnored {
  const rules = text.split(/\r?\n/).flatMap((line) => toRule(line) ?? [])
  return (path) => {
    const parents = parentsOf(path)
    let ignored = false
    for (const { expression, isException } of rules)
      if (parents.some((parent) => expression.test(parent))) ignored = !isException
    return ignored
  }
}

/** Whether no line of it takes back another one: then nothing below an ignored folder is left. */
export function hasExceptions(text: string): boolean {
  return text.split(/\r?\n/).some((line) => toRule(line)?.isException)
}

/** `a/b/c` is `a`, `a/b` and `a/b/c`. */
function parentsOf(path: string): string[] {
  const segments = path.split('/')
  return segments.map((_, at) => segments.slice(0, at + 1).join('/'))
}

function toRule(line: string): Rule | null {
  const text = line.trim()
  if (text === '' || line.startsWith('#')) return null
  const isException = text.startsWith('!')
  const pattern = (isException ? text.slice(1).trim() : text).replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')
  return pattern === '' ? null : { expression: toExpression(pattern), isException }
}

/** The form of `filepath.Match` of Go, with double stars for any number of folders. */
function toExpression(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|\\.|[.+^${}()|\]\\/]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.startsWith('[')) return part.replaceAll('\\', '\\\\')
    return part.startsWith('\\') && part.length > 1 ? `\\${part[1]}` : `\\${part}`
  })
  return new RegExp(`^${source}$`, 's')
}
