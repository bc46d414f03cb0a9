// `x-*` keys that an orchestrator reads: who reads a file asks it whether they are as it wants them.

/** Where an extension may stand. */
export type ExtensionLevel = 'system' | 'service' | 'volume' | 'port'

/** What is wrong with an extension; `path` is below its key (`tolerations[0].effect`), `message` ends a sentence. */
export type Complaint = { path: string; message: string }

/** Nothing for an extension that is not read, or is as it should be. */
export type CheckExtension = (level: ExtensionLevel, key: string, value: unknown) => Complaint[]
