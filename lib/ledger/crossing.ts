/** The falls of a balance that are told, once each time they happen. */
export const CROSSINGS = ["low", "depleted"] as const
export type Crossing = (typeof CROSSINGS)[number]
