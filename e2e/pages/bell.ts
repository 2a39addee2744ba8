import type { Page } from "@playwright/test"
import type { TestTeam } from "@/dev/testing/teams"
import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { type Notice, raise } from "@/lib/notifications/raise"

export const bell = (page: Page) => page.getByRole("banner").getByRole("button", { name: /^Notifications/ })
export const bellPanel = (page: Page) => page.getByRole("dialog", { name: "Notifications" })

/** Tells the team something, as its cause would: that the Owner's balance is low, unless told otherwise. */
export async function tell(
  db: Db,
  team: TestTeam,
  more: Partial<Notice<"credit_balance_low">> = {},
): Promise<void> {
  const notice = {
    teamId: team.id,
    poolId: team.owner.poolId,
    type: "credit_balance_low" as const,
    cause: crypto.randomUUID(),
    data: { balance: "4.20", threshold: "5.00" },
    ...more,
  }
  await db.$transaction((tx) => raise(queryIn(tx), notice, new Date()))
}
