/** Names an entry outside: by its pool's number and its place there, which both never change. */
export function toEntryId({ poolNo, seq }: { poolNo: number; seq: bigint }): string {
  return `ent_${poolNo}_${seq}`
}

/** Returns the entry that a text names, or null if it isn't such a name. */
export function fromEntryId(text: string): { poolNo: number; seq: bigint } | null {
  const match = /^ent_([1-9][0-9]{0,8})_([1-9][0-9]{0,17})$/.exec(text)
  return match ? { poolNo: Number(match[1]), seq: BigInt(match[2] ?? "") } : null
}
