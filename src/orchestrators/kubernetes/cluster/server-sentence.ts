// What the API server says about a refusal, without what a user may want to keep to himself.
import type { KubeStatus } from './objects.ts'

/** Fields whose values are not repeated. */
const privateFields = /\b(?:data|stringData|binaryData|env|args|command|annotations)\b/i
const longestSentence = 500

/**
 * The server's own words without values of private fields: validation quotes the value (`Invalid value: "…"`), and
 * older servers quote the request around what they could not decode.
 */
export function toSentence({ message, reason, details }: KubeStatus): string {
  const causes = (details?.causes ?? []).flatMap(({ field, message: text }) =>
    text ? [field ? `${field}: ${withoutValue(field, text)}` : text] : [],
  )
  const sentence =
    causes.length > 0 ? causes.join('; ') : withoutQuote(message ?? reason ?? 'no reason given')
  return sentence.length > longestSentence ? `${sentence.slice(0, longestSentence)}…` : sentence
}

/** A quoted value is taken out, and what the server says of it stays; after any other there is no telling where it ends. */
function withoutValue(field: string, text: string): string {
  if (!privateFields.test(field)) return text
  const quoted = text.replace(/ value: "(?:[^"\\]|\\.)*"/, ' value')
  return quoted === text ? text.replace(/ value: .*$/s, ' value') : quoted
}

function withoutQuote(message: string): string {
  const cut = message.replace(/,? ?error found in #.*$/s, '').replace(/,? ?bigger context .*$/s, '')
  const at = cut.search(/ value: /)
  return at >= 0 && privateFields.test(cut.slice(0, at)) ? `${cut.slice(0, at)} value` : cut
}
