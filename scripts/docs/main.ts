// npm run docs: writes the pages that follow from tables.
import { mkdirSync, writeFileSync } from 'node:fs'
import { composePage } from './compose-page.ts'
import { errorsPage } from './errors-page.ts'

const folder = new URL('../../docs/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('compose.md', folder), composePage())
writeFileSync(new URL('errors.md', folder), errorsPage())
