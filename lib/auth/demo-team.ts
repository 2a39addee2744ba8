/** The team of the demo's one-click sign-in and its API key. */
export const DEMO_TEAM_SLUG = "northwind"
