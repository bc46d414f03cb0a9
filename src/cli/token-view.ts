// Tokens as lines of text. Pure.
import type { Token } from '../client/shapes.ts'
import { oneLine } from './one-line.ts'
import { alignColumns } from './table.ts'

export function tokenLines(tokens: readonly Token[]): string[] {
  if (tokens.length === 0) return ['No tokens']
  const rows = tokens.map(({ id, tenant, scopes, createdAt, expiresAt, description }) => [
    id,
    tenant,
    scopes.join(','),
    createdAt,
    expiresAt ?? 'never',
    oneLine(description),
  ])
  return alignColumns([['ID', 'TENANT', 'SCOPES', 'CREATED', 'EXPIRES', 'DESCRIPTION'], ...rows])
}

/** For scripts. */
export function terseToken({ id, tenant, scopes }: Token): string {
  return [id, tenant, scopes.join(',')].join('\t')
}
