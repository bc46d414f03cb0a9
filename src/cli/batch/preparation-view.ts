// Images that are pulled beforehand as lines of text. Pure: the live display and the plain one show the same words.
import type { Preparation } from '../../client/shapes.ts'
import { oneLine } from '../one-line.ts'
import type { Paint, Style } from '../paint.ts'
import type { ProgressView } from '../progress.ts'
import { alignColumns } from '../table.ts'

type Node = Preparation['nodes'][number]
type Image = Node['images'][number]

const styles = {
  present: 'green',
  pulling: 'yellow',
  failed: 'red',
  unknown: 'dim',
} as const satisfies Record<Image['state'], Style>

/** A terminal shows so many nodes; those that are not done first. */
const mostNodes = 15

export const preparationView: ProgressView<Preparation> = { live: liveLines, plain: plainLines }

function liveLines(preparation: Preparation, seconds: number, paint: Paint): string[] {
  const { nodes, progress } = preparation
  const open = nodes.filter((node) => !isDone(node))
  const shown = [...open, ...nodes.filter(isDone)].slice(0, mostNodes)
  const more = nodes.length - shown.length
  const rows = shown.map((node) => [`  ${node.node}`, haveOf(node), ...worstOf(node, paint)])
  return [
    `${paint('bold', headOf(preparation))} ${paint('dim', `(${seconds} s)`)} ${oneLine(progress.message)}`,
    ...alignColumns(rows),
    ...(more > 0 ? [`  … and ${more} more nodes`] : []),
  ]
}

function plainLines(before: Preparation | null, preparation: Preparation): string[] {
  const { message } = preparation.progress
  const known = new Map(before?.nodes.map((node) => [node.node, plainLine(node)]))
  const nodes = preparation.nodes.flatMap((node) => {
    const line = plainLine(node)
    return known.get(node.node) === line ? [] : [line]
  })
  const isNew = before?.progress.message !== message
  return [...(isNew ? [`${headOf(preparation)}: ${oneLine(message)}`] : []), ...nodes]
}

function plainLine(node: Node): string {
  const worst = worstOf(node, (_style, text) => text)
  return `  ${node.node}: ${haveOf(node)}${worst.length > 0 ? ` (${worst.join(' ')})` : ''}`
}

/** What is not there, node by node. */
export function failureLines({ nodes }: Preparation, paint: Paint): string[] {
  return alignColumns(
    nodes.flatMap(({ node, images }) =>
      images
        .filter(({ state }) => state !== 'present')
        .map(({ image, state, reason }) => [
          node,
          paint(styles[state], state),
          oneLine(image),
          oneLine(reason?.message ?? ''),
        ]),
    ),
  )
}

/** `3 images are on 12 nodes`. */
export function outcomeOf({ images, counts }: Preparation): string {
  return `${amount(images.length, 'image')} ${images.length === 1 ? 'is' : 'are'} on ${amount(counts.nodes, 'node')}`
}

export function headOf({ images }: Preparation): string {
  return `Preparing ${images.length === 1 ? oneLine(images[0] ?? '') : amount(images.length, 'image')}`
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function isDone({ images }: Node): boolean {
  return images.every(({ state }) => state === 'present')
}

function haveOf({ images }: Node): string {
  return `${images.filter(({ state }) => state === 'present').length}/${images.length}`
}

const order = ['failed', 'pulling', 'unknown'] as const

/** The first image that is not there: its state, its name and why. */
function worstOf({ images }: Node, paint: Paint): string[] {
  const [worst] = order.flatMap((state) => images.find((one) => one.state === state && one.reason) ?? [])
  const one = worst ?? order.flatMap((state) => images.find((each) => each.state === state) ?? [])[0]
  if (!one) return []
  const why = one.reason ? `: ${oneLine(one.reason.message)}` : ''
  return [paint(styles[one.state], one.state), `${oneLine(one.image)}${why}`]
}
