// What an orchestrator tells its log.

/** An object and a sentence. */
export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (object: object, message: string) => void>
