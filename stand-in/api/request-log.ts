export interface LoggedCall {
  id: string
  at: string
  method: string
  path: string
  customer: string | null
  idempotencyKey: string | null
  /** 0 while the call is open, or when its answer was lost on purpose. */
  status: number
  replayed: boolean
}

const KEPT = 5000

export class RequestLog {
  readonly calls: LoggedCall[] = []

  add(call: LoggedCall): LoggedCall {
    this.calls.push(call)
    if (this.calls.length > KEPT) this.calls.shift()
    return call
  }
}
