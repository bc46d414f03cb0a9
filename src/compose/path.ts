// Key paths as Problems name them: `services.web.ports[0]`.

export function keyPath(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`
}

export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`
}

/** Where a walk through a tree is; the path is put together only when somebody asks for it. */
export class Trail {
  readonly #start: string
  readonly #steps: (string | number)[] = []

  constructor(start = '') {
    this.#start = start
  }

  /** To the value of a key, or to an item of a list. */
  enter(step: string | number): void {
    this.#steps.push(step)
  }

  leave(): void {
    this.#steps.pop()
  }

  get path(): string {
    return this.#steps.reduce<string>(
      (path, step) => (typeof step === 'number' ? itemPath(path, step) : keyPath(path, step)),
      this.#start,
    )
  }
}
