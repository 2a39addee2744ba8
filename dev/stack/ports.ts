import { createServer } from "node:net"

/** Returns a loopback port on which nobody listens at the moment. */
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
