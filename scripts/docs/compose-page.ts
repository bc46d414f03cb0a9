// docs/compose.md: every key of the specification, its forms, and what becomes of it on Kubernetes and on a Docker engine.
import type { Form, KeyRow } from '../../src/compose/keys/key-row.ts'
import { KEYS } from '../../src/compose/keys/table.ts'
import { DEFAULT_LIMITS } from '../../src/compose/limits.ts'
import {
  dispositions as onDocker,
  rowOf as rowOnDocker,
} from '../../src/orchestrators/docker/compile/dispositions.ts'
import { dispositions as onSwarm } from '../../src/orchestrators/docker/swarm/compile/dispositions.ts'
import { rowOf as rowOnKubernetes } from '../../src/orchestrators/kubernetes/compile/dispositions.ts'
import type { Disposition, Row } from '../../src/orchestrators/shared/disposition-row.ts'
import { extensionSection } from './extension-section.ts'

const INTRODUCTION = `# Compose files

<!-- Written by \`npm run docs\` from the tables that the code runs on. Change those, not this page. -->

Tycho reads the whole [Compose specification](https://github.com/compose-spec/compose-spec/blob/main/spec.md): several
files, \`extends\`, \`include\`, \`profiles\`, variables, anchors and merge keys, \`!reset\` and \`!override\`. A key that is not
listed here is an error, unless it begins with \`x-\`. \`tycho config -f FILE\` prints what a file means, in the form of
\`docker compose config\`.

What a key becomes is the orchestrator's own matter. The tables below say it for Kubernetes and for a Docker engine (by the
fields of its API), with the codes of the remarks that a key can be the subject of. An **error** refuses the request, and so
does what is **policy** (it gives rights over the machine); a **warning** says that a key is not applied exactly, or not at
all; an **info** that it has no effect. A key without a line of its own goes with the key around it.

\`<name>\` is a name that the file chooses; what is in square brackets is an item of a list.
`

type Section = { title: string; prefix: string; except: readonly string[] }

const PARTS = ['build', 'deploy', 'volumes', 'networks', 'ports', 'healthcheck', 'develop', 'blkio_config']
const SERVICE = 'services.*'

const SECTIONS: readonly Section[] = [
  {
    title: 'Top level',
    prefix: '',
    except: [SERVICE, 'networks.*', 'volumes.*', 'configs.*', 'secrets.*', 'models.*'],
  },
  { title: 'Services', prefix: SERVICE, except: PARTS.map((key) => `${SERVICE}.${key}`) },
  ...PARTS.map((key) => ({ title: `Services: ${key}`, prefix: `${SERVICE}.${key}`, except: [] })),
  ...['networks', 'volumes', 'configs', 'secrets', 'models'].map((key) => ({
    title: `Top level: ${key}`,
    prefix: `${key}.*`,
    except: [],
  })),
]

/** The whole page, which ends with a line break. */
export function composePage(): string {
  return `${[INTRODUCTION, ...SECTIONS.map(sectionText), swarmText(), extensionSection(), limitsText()].join('\n')}`
}

function sectionText(section: Section): string {
  const rows = KEYS.filter((row) => isNamed(row.path) && isIn(row.path, section))
  const lines = rows.map(
    (row) =>
      `| ${[keyCell(row.path, section), formsCell(row), fateCell(row, rowOnKubernetes), fateCell(row, rowOnDocker)].join(' | ')} |`,
  )
  return [
    `## ${section.title}\n`,
    '| key | forms | on Kubernetes | on Docker |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

/** Of a swarm only what is not as on one engine. */
function swarmText(): string {
  const ofEngine: Readonly<Record<string, Row>> = onDocker
  const rows = Object.entries<Row>(onSwarm).filter(([path, row]) => row !== ofEngine[path])
  const lines = rows.map(([path, row]) => `| \`${path.replaceAll('*', '<name>')}\` | ${fateOf(row)} |`)
  return [
    '## On a swarm\n',
    'A key that is not listed here fares as on one Docker engine.\n',
    '| key | on a swarm |',
    '|---|---|',
    ...lines,
    '',
  ].join('\n')
}

/** Items of lists and names of the file's choice are told with the key that they stand under. */
function isNamed(path: string): boolean {
  return !path.endsWith('[]') && !path.endsWith('.*')
}

function isIn(path: string, { prefix, except }: Section): boolean {
  const isBelow = (parent: string) => path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`)
  return (
    (prefix === '' || path === prefix || isBelow(prefix)) &&
    !except.some((other) => path === other || isBelow(other))
  )
}

function keyCell(path: string, { prefix }: Section): string {
  const below = path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : path
  return `\`${below.replaceAll('*', '<name>')}\``
}

const FORM_WORDS: Readonly<Record<Form, string>> = {
  text: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'empty',
  list: 'list',
  map: 'map',
}

const FORMS = new Map(KEYS.map((row) => [row.path, row.fate === 'carried' ? [] : row.forms]))

function formsCell(row: KeyRow): string {
  if (row.fate === 'carried') return 'any'
  return row.forms.map((form) => formWords(form, row.path)).join(', ')
}

function formWords(form: Form, path: string): string {
  const items = form === 'list' ? FORMS.get(`${path}[]`) : undefined
  if (!items || items.length === 0) return FORM_WORDS[form]
  return `list of ${items.map((item) => FORM_WORDS[item]).join(' or ')}`
}

const SEVERITIES: Readonly<Record<Disposition, string>> = {
  'map+warn': 'warning',
  'map+info': 'info',
  'ignore+info': 'info',
  error: 'error',
  policy: 'policy',
}

/** What it becomes, and the remarks after it. */
function fateCell(row: KeyRow, rowOf: (path: string) => Row | null): string {
  if (row.fate === 'noted') return `${escaped(row.note)}; \`NO_EFFECT\` info`
  const disposition = rowOf(row.path)
  return disposition ? fateOf(disposition) : ''
}

function fateOf(disposition: Row): string {
  const remarks = Object.entries(disposition.remarks).map(([code, how]) => `\`${code}\` ${SEVERITIES[how]}`)
  return [escaped(disposition.becomes), ...(remarks.length > 0 ? [remarks.join(', ')] : [])].join('; ')
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

function limitsText(): string {
  const lines = Object.entries(DEFAULT_LIMITS).map(
    ([name, limit]) => `| \`${name}\` | ${limit.toLocaleString('en')} |`,
  )
  return ['## Limits\n', '| limit | value |', '|---|---|', ...lines, ''].join('\n')
}
