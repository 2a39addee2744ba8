import { connect, createServer, type Socket } from "node:net"

/** When a connection is cut: before the message arrives, after it has arrived, or after half of the answer. */
export type Cut = "before" | "after" | "during-answer"

/**
 * Stands in front of PostgreSQL and cuts a connection when `shouldCut` says how for something sent over it. Later
 * connections work.
 */
export async function startCuttingProxy(
  databaseUrl: string,
  shouldCut: (sent: Buffer) => Cut | null,
): Promise<{ url: string; cuts: () => number; close: () => Promise<void> }> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let isAnswerCut = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      // The other side may already be gone, which is the point.
      socket.on("error", () => undefined)
      socket.on("close", () => sockets.delete(socket))
    }
    client.on("data", (sent) => {
      const cut = shouldCut(sent)
      if (cut === null) return void upstream.write(sent)
      cuts += 1
      if (cut === "before") {
        client.destroy()
        upstream.destroy()
      } else if (cut === "after") {
        // Ended, not destroyed, so that the message arrives and PostgreSQL acts on it.
        upstream.end(sent)
        upstream.resume()
        client.destroy()
      } else {
        isAnswerCut = true
        upstream.write(sent)
      }
    })
    upstream.on("data", (answer) => {
      if (!isAnswerCut) return void (client.writable && client.write(answer))
      client.write(answer.subarray(0, answer.length / 2), () => client.destroy())
      upstream.end()
    })
    client.on("end", () => upstream.end())
    upstream.on("end", () => client.end())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The proxy has no port")
  const own = new URL(databaseUrl)
  own.port = String(address.port)
  return {
    url: own.href,
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
