// The tokens that Tycho issues: how one looks, and what is kept of it.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { TokenRecord } from '../system/access.ts'

/** 256 bits: too many to guess, so that a plain hash keeps the secret as well as a slow one would. */
const secretBytes = 32

const form = /^tycho_([0-9a-z]{26})_([\w-]{43})$/

export type TokenParts = { id: string; secret: string }

/** Whether it begins as ours do: then nobody else is asked about it. */
export function isOurs(token: string): boolean {
  return token.startsWith('tycho_')
}

/** Null where it is none of ours, or not a whole one. */
export function parseToken(token: string): TokenParts | null {
  const [, id, secret] = form.exec(token) ?? []
  return id !== undefined && secret !== undefined ? { id, secret } : null
}

/** `token` is shown to its owner once; `secretHash` is all that is kept of its secret. */
export function createToken(id: string): { token: string; secretHash: string } {
  const secret = randomBytes(secretBytes).toString('base64url')
  return { token: `tycho_${id}_${secret}`, secretHash: hashOf(secret) }
}

/** Takes as long for a secret that is nearly right as for any other. */
export function hasSecret(record: TokenRecord, secret: string): boolean {
  return isSame(record.secretHash, hashOf(secret))
}

/** Whether two texts are the same, told in constant time whatever their lengths. */
export function isSameSecret(one: string, other: string): boolean {
  return isSame(hashOf(one), hashOf(other))
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
