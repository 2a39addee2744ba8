import { answerParent } from "../setup/child"
import { HttpConnection } from "./http-connection"

/** Sends requests at a fixed rate, whatever the earlier ones do, and reports how long each took, by kind. */
export type OpenLoopOrder = {
  port: number
  perSecond: number
  requests: { kind: string; text: string }[]
}
export type OpenLoopResult = {
  latencies: Record<string, number[]>
  statuses: Record<string, number>
  seconds: number
}

answerParent<OpenLoopOrder>(async ({ port, perSecond, requests }): Promise<OpenLoopResult> => {
  const idle: HttpConnection[] = []
  const latencies: Record<string, number[]> = {}
  const statuses: Record<string, number> = {}
  const beganAt = performance.now()
  const send = async (kind: string, text: string, dueAt: number) => {
    const connection = idle.pop() ?? new HttpConnection(port)
    const status = await connection.send(text)
    // From when it was due, not from when it was sent: a late start is part of the caller's wait.
    const list = latencies[kind] ?? []
    latencies[kind] = list
    list.push(performance.now() - dueAt)
    const outcome = `${kind} ${status}`
    statuses[outcome] = (statuses[outcome] ?? 0) + 1
    idle.push(connection)
  }
  const sending: Promise<void>[] = []
  for (const [n, { kind, text }] of requests.entries()) {
    const dueAt = beganAt + (n / perSecond) * 1_000
    const early = dueAt - performance.now()
    if (early > 1) await new Promise((resume) => setTimeout(resume, early))
    sending.push(send(kind, text, dueAt))
  }
  await Promise.all(sending)
  for (const connection of idle) connection.end()
  return { latencies, statuses, seconds: (performance.now() - beganAt) / 1_000 }
})
