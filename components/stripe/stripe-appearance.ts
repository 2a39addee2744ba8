import type { Appearance } from "@stripe/stripe-js"

/** The page's tokens for Stripe's frame, which knows neither our variables nor OKLCH. */
const TOKENS = {
  light: {
    colorBackground: "#ffffff",
    colorText: "#151922",
    colorTextSecondary: "#5a5f6a",
    colorTextPlaceholder: "#5a5f6a",
    colorPrimary: "#3448c1",
    colorDanger: "#b5171b",
  },
  dark: {
    colorBackground: "#15171c",
    colorText: "#eff0f3",
    colorTextSecondary: "#a5a9b1",
    colorTextPlaceholder: "#a5a9b1",
    colorPrimary: "#93acf9",
    colorDanger: "#f8867f",
  },
} as const

export function stripeAppearance(scheme: "light" | "dark"): Appearance {
  return {
    theme: scheme === "dark" ? "night" : "stripe",
    variables: {
      ...TOKENS[scheme],
      borderRadius: "12px",
      fontFamily: "system-ui, sans-serif",
      // Below 16 px, iOS zooms the page when a field gets the focus.
      fontSizeBase: "16px",
      gridRowSpacing: "16px",
    },
  }
}
