import { nameText } from "@/lib/name-text"

/** A team's name as people type it. */
export const teamNameSchema = nameText({ max: 60 })
