type Handler = (event: object) => void

export interface Emitter {
  on: (type: string, handler: Handler) => void
  once: (type: string, handler: Handler) => void
  off: (type: string, handler?: Handler) => void
  /** Later, never within the call that caused it, because React listens only after it has mounted. */
  emit: (type: string, event: object) => void
}

export function createEmitter(): Emitter {
  const handlers: Array<{ type: string; handler: Handler; once: boolean }> = []
  const remove = (keep: (each: (typeof handlers)[number]) => boolean) => {
    handlers.splice(0, handlers.length, ...handlers.filter(keep))
  }
  return {
    on: (type, handler) => handlers.push({ type, handler, once: false }),
    once: (type, handler) => handlers.push({ type, handler, once: true }),
    off: (type, handler) =>
      remove((each) => each.type !== type || (handler && each.handler !== handler) === true),
    emit: (type, event) =>
      setTimeout(() => {
        const called = handlers.filter((each) => each.type === type)
        remove((each) => !(each.once && each.type === type))
        for (const { handler } of called) handler(event)
      }),
  }
}
