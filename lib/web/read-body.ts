import { SECOND_MS } from "@/lib/clock"

const TIMEOUT_MS = 10 * SECOND_MS

export type ReadBody = { ok: true; body: Buffer } | { ok: false; status: 408 | 413 | 415 }

/** Reads the request's bytes as they were sent. Stops at once beyond the size or the time. */
export async function readBody(
  request: Request,
  maxBytes: number,
  timeoutMs = TIMEOUT_MS,
): Promise<ReadBody> {
  if (request.headers.has("content-encoding")) return { ok: false, status: 415 }
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return { ok: false, status: 413 }
  const reader = request.body?.getReader()
  if (!reader) return { ok: true, body: Buffer.alloc(0) }

  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<"time_up">((resolve) => {
    timer = setTimeout(() => resolve("time_up"), timeoutMs)
  })
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), timeUp])
      if (next === "time_up") return refuse(reader, 408)
      if (next.done) return { ok: true, body: Buffer.concat(chunks) }
      size += next.value.byteLength
      if (size > maxBytes) return refuse(reader, 413)
      chunks.push(next.value)
    }
  } finally {
    clearTimeout(timer)
  }
}

function refuse(reader: ReadableStreamDefaultReader<Uint8Array>, status: 408 | 413): ReadBody {
  reader.cancel().catch(() => undefined)
  return { ok: false, status }
}
