// Contents that this process has stored lately: who starts the same file a hundred times sends its text once.
import type { Guard, Transaction } from './commit.ts'
import { type Content, keepContent, writeContent } from './contents.ts'
import type { Keys } from './keys.ts'

/** Kept at most; a spec that is not known any more is sent once more. */
const most = 1_000

export type KnownContents = ReturnType<typeof createKnownContents>

export function createKnownContents(keys: Keys) {
  const known = new Set<string>()
  return {
    /** Stores contents; of those that are known it only sees to it that they are there still. */
    write(contents: readonly Content[]): Transaction[] {
      return contents.map((content) =>
        known.has(content.hash) ? keepContent(keys, content.hash) : writeContent(keys, content),
      )
    },
    /** To be called when they are stored. */
    learn(contents: readonly Content[]): void {
      if (known.size > most) known.clear()
      for (const { hash } of contents) known.add(hash)
    },
    /** True: a transaction failed because this one is not there any more; it is not known now, so try again. */
    forget(failed: Guard, contents: readonly Content[]): boolean {
      const gone = contents.find(({ hash }) => 'exists' in failed && failed.key === keys.content(hash))
      // Of several that fail at once the first forgets it for all.
      if (gone) known.delete(gone.hash)
      return gone !== undefined
    },
  }
}
