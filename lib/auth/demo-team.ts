/** The team that the demo's one-click sign-in leads to, and that its API key belongs to. */
export const DEMO_TEAM_SLUG = "northwind"
