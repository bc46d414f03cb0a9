/** Small HTTP probes for tests: is something answering on this URL? */
import { type Dispatcher, request } from 'undici'
import { type WaitOptions, waitFor } from './wait.ts'

/** One GET with a short patience; `undefined` where nothing answers. */
export async function get(
  url: string,
  dispatcher?: Dispatcher,
): Promise<{ status: number; body: string } | undefined> {
  try {
    const answer = await request(url, {
      ...(dispatcher && { dispatcher }),
      headersTimeout: 2_000,
      bodyTimeout: 2_000,
      signal: AbortSignal.timeout(3_000),
    })
    return { status: answer.statusCode, body: await answer.body.text() }
  } catch {
    return undefined
  }
}

/** Whether the URL answers 200 now. */
export async function isOk(url: string, dispatcher?: Dispatcher): Promise<boolean> {
  return (await get(url, dispatcher))?.status === 200
}

/** Waits for a 200 and returns its body. */
export function waitForOk(url: string, options: WaitOptions = {}): Promise<string> {
  return waitFor(
    `HTTP 200 from ${url}`,
    async () => {
      const answer = await get(url)
      return answer?.status === 200 ? answer.body || ' ' : undefined
    },
    options,
  )
}
