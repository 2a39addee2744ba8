import { createServer } from "node:net"

/** A port of the loopback interface that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return listenBriefly(0)
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenBriefly(port)
    return true
  } catch {
    return false
  }
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no address")),
      )
    })
  })
}
