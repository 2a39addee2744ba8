import { SECOND_MS } from "@/lib/clock"
import { TimeUpError, within } from "@/lib/within"

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
  try {
    return await within(timeoutMs, readChunks(reader, maxBytes))
  } catch (error) {
    if (error instanceof TimeUpError) return refuse(reader, 408)
    throw error
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function readChunks(reader: Reader, maxBytes: number): Promise<ReadBody> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { ok: true, body: Buffer.concat(chunks) }
    size += value.byteLength
    if (size > maxBytes) return refuse(reader, 413)
    chunks.push(value)
  }
}

function refuse(reader: Reader, status: 408 | 413): ReadBody {
  reader.cancel().catch(() => undefined)
  return { ok: false, status }
}
