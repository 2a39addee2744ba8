import { Article, Bullets, Section, TextLink } from "@/components/reference/article"
import { ReferenceTable } from "@/components/reference/reference-table"
import { Code } from "@/components/ui/code"

type ErrorsIndexProps = {
  errors: {
    code: string
    href: string
    status: number
    retryable: boolean
    isSometimesRetryable: boolean
    summary: string
  }[]
}

export function ErrorsIndex({ errors }: ErrorsIndexProps) {
  return (
    <Article
      lead="Each refusal of the API is one document of the same form. Its type is the address of a page here that says what happened and what to do."
      title="Errors"
    >
      <Section id="all" title="All errors">
        <ReferenceTable
          caption="Every error of the API"
          columns={[
            { name: "Code" },
            { name: "What it says", onPhone: "unnamed" },
            { name: "Status", onPhone: "half" },
            { name: "Retryable", onPhone: "half" },
          ]}
          rows={errors.map(({ code, href, status, retryable, isSometimesRetryable, summary }) => ({
            key: code,
            cells: [
              <TextLink href={href} key="code">
                <span className="font-mono text-[0.9em] leading-none font-normal wrap-break-word">
                  {code}
                </span>
              </TextLink>,
              <span className="text-muted" key="summary">
                {summary}
              </span>,
              <span className="tabular-nums" key="status">
                {status}
              </span>,
              isSometimesRetryable ? "At times" : retryable ? "Yes" : "No",
            ],
          }))}
        />
      </Section>
      <Section id="form" title="The form">
        <p>
          Errors are <Code>application/problem+json</Code> as RFC 9457 describes it. Decide by{" "}
          <Code>code</Code>, which never changes; show <Code>title</Code> to people.
        </p>
        <Bullets>
          <li>
            <Code>type</Code>: the path of the page about this error.
          </li>
          <li>
            <Code>title</Code>: one plain sentence. <Code>error</Code> repeats it for earlier clients.
          </li>
          <li>
            <Code>status</Code>, <Code>code</Code>, <Code>instance</Code>: the HTTP status, the error’s name,
            and the path you called.
          </li>
          <li>
            <Code>retryable</Code>: whether the same request can succeed later without anybody changing
            anything.
          </li>
          <li>
            <Code>request_id</Code>: name it when you report a problem.
          </li>
        </Bullets>
      </Section>
      <Section id="repeating" title="Repeating a request">
        <p>
          After a lost answer or a retryable error, send the same request with the same{" "}
          <Code>Idempotency-Key</Code>: it takes effect once, however often it arrives. Wait a little longer
          before each attempt. Where <Code>retryable</Code> is false, change what the page of the error says
          first.
        </p>
      </Section>
    </Article>
  )
}
