// The version of this program.
import { readFile } from 'node:fs/promises'

const packageFile = new URL('../package.json', import.meta.url)

export async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }).version
}
