import { randomUUID } from "node:crypto"
import { type Measured, summarise } from "../measuring/measure"
import { answerParent } from "../setup/child"
import { HttpConnection } from "./http-connection"

/** Posts to a path for a time, over a number of connections with one request each in flight. */
export type HttpOrder = {
  port: number
  path: string
  apiKey: string
  /** The usage records in a request: one alone, or a batch. */
  records: number
  connections: number
  ms: number
}

answerParent<HttpOrder>(async (order): Promise<Measured> => {
  const connections = Array.from({ length: order.connections }, () => new HttpConnection(order.port))
  const latencies: number[] = []
  const begin = performance.now()
  const end = begin + order.ms
  try {
    await Promise.all(
      connections.map(async (connection) => {
        for (let at = performance.now(); at < end; ) {
          const status = await connection.send(requestOf(order))
          if (status >= 300) throw new Error(`${order.path} answered ${status}`)
          const now = performance.now()
          latencies.push(now - at)
          at = now
        }
      }),
    )
  } finally {
    for (const connection of connections) connection.end()
  }
  return summarise(latencies, performance.now() - begin)
})

function requestOf({ path, apiKey, records }: HttpOrder): string {
  const key = randomUUID()
  const body =
    records === 1
      ? '{"consumable":"email","quantity":1}'
      : `{"records":[${Array.from({ length: records }, (_, n) => `{"key":"${key}-${n}","consumable":"email","quantity":1}`).join(",")}]}`
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: application/json\r\nidempotency-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}
