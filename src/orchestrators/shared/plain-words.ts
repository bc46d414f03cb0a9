// The words of kubelets, engines and registries without what says only through how many hands they went.

/** Each stands before what matters, some several times. */
const wrappings =
  /(?:rpc error: code = \w+ desc = |Error response from daemon: |ErrImagePull: |[Ff]ailed to (?:pull and unpack image|resolve reference|start container|apply default image tag) "[^"]*": |failed to create (?:containerd|shim) task: |couldn't parse image reference "[^"]*": |OCI runtime create failed: |runc create failed: |container_linux\.go:\d+: |starting container process caused: |unable to start container process: )/g

/** The meaningful part; never empty unless the message is. */
export function toPlainWords(message: string): string {
  const words = withoutRepeats(message.replace(wrappings, '').replace(/: unknown$/, ''))
  return words || message
}

/** Clauses are set apart by colons; one that is said twice in a row is said once. */
function withoutRepeats(text: string): string {
  const clauses = text.split(': ')
  return clauses.filter((clause, at) => clause !== clauses[at - 1]).join(': ')
}

/** For a sentence that names the image already: the words without it, whatever the engine has added to its name. */
export function withoutImage(words: string, image: string): string {
  if (image === '') return words
  const name = `"?(?:docker\\.io/(?:library/)?)?${RegExp.escape(image)}(?::latest)?"?`
  return words
    .replace(new RegExp(` for ${name}(?=[,:\\s]|$)`), '')
    .replace(new RegExp(`(^|: )${name}: `), '$1')
}
