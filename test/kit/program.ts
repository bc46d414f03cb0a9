// Starts the project's programs by their own first line, which names the options of Node that they need.
import { delimiter, dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

/** The file to start; relative to the project's root. */
export function program(path: string): string {
  return join(root, path)
}

/** Nothing of this process' environment but its PATH, on which `node` is the Node that runs now. */
export function programEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter), ...environment }
}
