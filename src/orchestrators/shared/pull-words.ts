// What the words of registries and engines about a failed pull mean. Pure.

/** The registry or the name is the reason, in the words of Docker, containerd and the distribution registries. */
const pullRefused =
  /not found|manifest unknown|name unknown|does not exist|denied|unauthorized|authentication required|authorization failed|401|403 forbidden|invalid reference format|no matching manifest|no match for platform|unsupported media type|InvalidImageName/i
/** The way to the registry is the reason: it may be better at the next try. */
const networkFails =
  /dial tcp|no such host|i\/o timeout|connection refused|connection reset|TLS handshake|toomanyrequests|\b50[0234]\b/i

/** Whether the same pull will fail again; else the way to the registry may be better at the next try. */
export function isRefused(words: string): boolean {
  return pullRefused.test(words) && !networkFails.test(words)
}
