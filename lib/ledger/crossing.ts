/** What is worth telling about a balance, once each time it happens. */
export type Crossing = "low" | "depleted"
