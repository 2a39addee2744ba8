import { Body } from "@react-email/body"
import { Button } from "@react-email/button"
import { Container } from "@react-email/container"
import { Head } from "@react-email/head"
import { Hr } from "@react-email/hr"
import { Html } from "@react-email/html"
import { Preview } from "@react-email/preview"
import { render, toPlainText } from "@react-email/render"
import { Text } from "@react-email/text"
import type { CSSProperties } from "react"
import type { Mail } from "./send-mail"

export type FramedMail = {
  subject: string
  title: string
  body: string
  teamName: string
  action: { label: string; url: string }
  /** Small lines at the end. One with an address is a link. */
  footer: { text: string; url?: string }[]
}

/**
 * Renders a mail in the style of the house as HTML and as text. Escapes what people have typed, so that none of it
 * becomes a link.
 */
export async function framedMail(mail: FramedMail): Promise<Pick<Mail, "subject" | "text" | "html">> {
  const safe = {
    ...mail,
    title: unlinked(mail.title),
    body: unlinked(mail.body),
    teamName: unlinked(mail.teamName),
    footer: mail.footer.map(({ text, ...rest }) => ({ text: unlinked(text), ...rest })),
  }
  const html = await render(<Template {...safe} />)
  return { subject: mail.subject, html, text: toPlainText(html, TEXT) }
}

const TEXT = {
  wordwrap: 78,
  selectors: [
    {
      selector: "a",
      options: { hideLinkHrefIfSameAsText: true, linkBrackets: ["\n", "\n"] as [string, string] },
    },
  ],
}

/** Mail programs turn anything that looks like an address into a link. An invisible word joiner prevents that. */
function unlinked(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/(?<=[\p{L}])([.:@])(?=[\p{L}/])/gu, "\u2060$1\u2060")
}

const FONT = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
const styles = {
  body: { backgroundColor: "#f8f9fb", fontFamily: FONT, margin: 0, padding: "32px 12px" },
  card: {
    backgroundColor: "#ffffff",
    border: "1px solid #dfe3ea",
    borderRadius: 12,
    maxWidth: 520,
    padding: "28px 24px",
  },
  team: { color: "#5b6472", fontSize: 13, lineHeight: "20px", margin: "0 0 12px" },
  title: { color: "#12161d", fontSize: 20, fontWeight: 600, lineHeight: "28px", margin: "0 0 8px" },
  text: { color: "#12161d", fontSize: 15, lineHeight: "24px", margin: "0 0 24px" },
  button: {
    backgroundColor: "#3555d4",
    borderRadius: 8,
    color: "#ffffff",
    display: "inline-block",
    fontSize: 15,
    fontWeight: 600,
    lineHeight: "20px",
    padding: "12px 20px",
    textDecoration: "none",
  },
  line: { borderColor: "#dfe3ea", margin: "28px 0 16px" },
  small: { color: "#5b6472", fontSize: 13, lineHeight: "20px", margin: 0 },
  link: { color: "#5b6472", textDecoration: "underline" },
} satisfies Record<string, CSSProperties>

function Template({ title, body, teamName, action, footer }: FramedMail) {
  return (
    <Html lang="en">
      <Head />
      <Preview>{body}</Preview>
      <Body style={styles.body}>
        <Container style={styles.card}>
          <Text style={styles.team}>{teamName}</Text>
          <Text style={styles.title}>{title}</Text>
          <Text style={styles.text}>{body}</Text>
          <Button href={action.url} style={styles.button}>
            {action.label}
          </Button>
          <Hr style={styles.line} />
          {footer.map(({ text, url }) => (
            <Text key={text} style={styles.small}>
              {url ? (
                <a href={url} style={styles.link}>
                  {text}
                </a>
              ) : (
                text
              )}
            </Text>
          ))}
        </Container>
      </Body>
    </Html>
  )
}
