type InFlight = { openPurchases: number; openHolds: number; hasPlan: boolean }

/** Lists the reasons why a team can't be deleted yet, each with what to do. */
export function inFlightSentences({ openPurchases, openHolds, hasPlan }: InFlight): string[] {
  return [
    ...(hasPlan
      ? ["The team has a paid plan. Cancel it, and wait until its last paid month has ended."]
      : []),
    ...(openPurchases > 0
      ? [`${counted(openPurchases, "payment is", "payments are")} under way. Finish or cancel it first.`]
      : []),
    ...(openHolds > 0
      ? [`${counted(openHolds, "run holds", "runs hold")} credits. Wait until it has ended, or cancel it.`]
      : []),
  ]
}

const counted = (count: number, one: string, many: string) =>
  count === 1 ? `One ${one}` : `${count} ${many}`
