// The members of a batch as lines of text. Pure.
import type { BatchItem } from '../../client/shapes.ts'
import { oneLine } from '../one-line.ts'
import type { Paint } from '../paint.ts'
import { statusStyles } from '../status-styles.ts'
import { alignColumns } from '../table.ts'

export function itemTable(items: readonly BatchItem[], paint: Paint): string[] {
  const head = ['NAME', 'STATUS', 'URL', 'CLIENT', 'REASON'].map((title) => paint('dim', title))
  const rows = items.map((item) => [
    item.name,
    paint(statusStyles[item.status], item.status),
    placeOf(item),
    oneLine(item.clientId ?? ''),
    reasonOf(item),
  ])
  return alignColumns([head, ...rows])
}

/** For scripts: the URL holds the token where there is one. */
export function terseItem(item: BatchItem): string {
  return [item.name, item.status, placeOf(item), oneLine(item.clientId ?? '')].join('\t')
}

/** Those that did not start, and why. */
export function failedLines(items: readonly BatchItem[]): string[] {
  return alignColumns(items.map((item) => [`  ${item.name}`, reasonOf(item)]))
}

function placeOf({ url, endpoints }: BatchItem): string {
  return url ?? endpoints.map(({ port }) => `port ${port}`).join(' ')
}

function reasonOf({ error }: BatchItem): string {
  return error ? `${error.code}: ${oneLine(error.message)}` : ''
}
