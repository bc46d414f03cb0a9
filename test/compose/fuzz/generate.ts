// Makes Compose files that nobody wrote, of the parts of those in the collection.
import { load } from 'js-yaml'
import { filesOf, readCollection } from '../../kit/compose-oracle/collection.ts'
import type { Random } from '../../kit/random.ts'

export type Plain = Record<string, unknown>

/** The files of the collection that stand alone, as text. */
export function seedTexts(): string[] {
  return readCollection().flatMap((sample) => {
    const texts = Object.values(filesOf(sample))
    return texts.length === 1 ? texts : []
  })
}

/** Texts that printers and readers of YAML and of Compose like to get wrong. */
const TEXTS = [
  ...[
    '',
    ' ',
    'yes',
    'No',
    '~',
    'null',
    '0440',
    '0x1f',
    '1_000',
    '1e3',
    '.5',
    '-',
    '- a',
    'a: b',
    'a #b',
    '#',
    '@x',
  ],
  ...[
    '$$',
    '$${A}',
    'a$$b$$',
    '%',
    '*a',
    '&a',
    '!a',
    '|',
    '>',
    "it's",
    '"',
    '\\',
    '\t',
    'a\nb',
    '\n',
    ' a ',
    'é',
    '\u2028',
  ],
  ...[
    '2024-01-01',
    '12:30',
    '1.0',
    'true',
    '<<',
    '=',
    '{a}',
    '[a]',
    ',',
    '?',
    'a: ',
    '\u0007',
    '😀',
    '\uFEFFx',
  ],
]

/** Services and other parts of some of the seeds in one file, some of their texts changed, some of their keys gone. */
export function combine(seeds: readonly Plain[], random: Random): Plain {
  const made: Record<string, Plain> = { services: {} }
  const count = random.below(3) + 1
  for (let part = 0; part < count; part += 1) {
    const seed = random.pick(seeds)
    for (const section of ['services', 'networks', 'volumes', 'configs', 'secrets']) {
      made[section] = { ...made[section], ...mapIn(seed, section) }
    }
  }
  return change(made, random) as Plain
}

export function readSeeds(texts: readonly string[]): Plain[] {
  return texts.map((text) => load(text) as Plain)
}

function change(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.filter(() => !random.once(30)).map((item) => change(item, random))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(() => !random.once(40))
    return Object.fromEntries(entries.map(([key, inner]) => [key, change(inner, random)]))
  }
  if (typeof value === 'string' && random.once(12)) return random.pick(TEXTS)
  return value
}

function mapIn(map: Plain, key: string): Plain {
  const value = map[key]
  return typeof value === 'object' && value !== null ? (value as Plain) : {}
}
